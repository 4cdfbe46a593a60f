namespace SensorGateway.Pipeline.Alerts;

/// <summary>What goes into an alert. Immutable.</summary>
public sealed record AlertOptions
{
    /// <summary>The gateway's name, as in every alert.</summary>
    public required string Gateway { get; init; }

    /// <summary>Template of the subject; variables <c>{severity} {sensor} {source} {gateway} {rule}</c>.</summary>
    public string Subject { get; init; } = "alerts.{severity}.{sensor}";

    /// <summary>Most payload bytes an alert carries.</summary>
    public int PayloadBytesMax { get; init; } = 1024;

    /// <summary>Most rules an alert lists.</summary>
    public int RulesMax { get; init; } = 32;

    /// <summary>Longest message in bytes; the payload's share shrinks first, then the rules.</summary>
    public int MessageBytesMax { get; init; } = 256 * 1024;
}
