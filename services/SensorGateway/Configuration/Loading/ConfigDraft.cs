using SensorGateway.Configuration.Values;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>A raw value and the words that name its origin: <c>gateway.yaml:12</c>, <c>--set</c>, a variable.</summary>
/// <param name="Raw">Null when the value was broken and has been reported.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Origin">For <c>config show</c>.</param>
internal sealed record Given(RawValue? Raw, Place Place, string Origin)
{
    public Given(RawValue raw, string origin)
        : this(raw, raw.Place, origin)
    {
    }

    /// <summary>A value that was given, but so broken that only its place is known.</summary>
    public static Given Broken(Place place) => new(null, place, "");
}

/// <summary>One entry under <c>sources</c>; later layers overwrite earlier ones.</summary>
internal sealed class SourceDraft(Place place, string label)
{
    public Place Place { get; } = place;

    /// <summary>Begins the names of its keys in messages: <c>sources.field-tcp</c>, or <c>sources[0]</c> while it has no id.</summary>
    public string Label { get; } = label;

    /// <summary>Null when the entry has none, and then nothing can address it.</summary>
    public string? Id { get; init; }

    public Dictionary<string, Given> Values { get; } = new(StringComparer.Ordinal);
}

/// <summary>What the layers gave, the strongest on top; not yet checked against the kinds.</summary>
internal sealed class ConfigDraft
{
    public Dictionary<string, Given> Values { get; } = new(StringComparer.Ordinal);

    public List<SourceDraft> Sources { get; } = [];
}
