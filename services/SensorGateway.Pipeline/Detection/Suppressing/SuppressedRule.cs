using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Detection.Suppressing;

/// <summary>A rule whose repeats are held back, as one generation of rules knows it. Immutable.</summary>
/// <param name="id">Tells the rule apart through all generations.</param>
/// <param name="texts">What a summary says of it.</param>
/// <param name="window">How long repeats are held back after an alert; above zero.</param>
internal sealed class SuppressedRule(string id, AlertRule texts, TimeSpan window)
{
    /// <summary>Tells the rule apart through all generations.</summary>
    public string Id { get; } = id;

    /// <summary>Of the id alone, so equal in all generations; made once, because the path asks for it per match.</summary>
    public int Hash { get; } = string.GetHashCode(id, StringComparison.Ordinal);

    /// <summary>What a summary says of it.</summary>
    public AlertRule Texts { get; } = texts;

    /// <summary>How long repeats are held back after an alert, in Stopwatch ticks.</summary>
    public long WindowTicks { get; } = Clock.Ticks(window);
}
