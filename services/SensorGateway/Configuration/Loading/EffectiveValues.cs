using System.Collections.Immutable;
using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Values;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>A key with the value that holds.</summary>
/// <param name="Path">Full name; a source's key under the source's id.</param>
/// <param name="Key">Its row in the schema.</param>
/// <param name="Value">What the kind read.</param>
/// <param name="Shown">The value as YAML, secrets masked.</param>
/// <param name="Origin"><c>default</c>, <c>profile low-latency</c>, <c>gateway.yaml:12</c>, a variable, or <c>--set</c>.</param>
/// <param name="Place">Where it stands; for a default, the file's first line.</param>
internal sealed record EffectiveValue(string Path, ConfigKey Key, object Value, string Shown, string Origin, Place Place);

/// <summary>The effective values of one section or source.</summary>
internal sealed class EffectiveValues
{
    private readonly Dictionary<string, EffectiveValue> _byName = new(StringComparer.Ordinal);
    private readonly List<EffectiveValue> _ordered = [];

    /// <summary>In schema order.</summary>
    public IReadOnlyList<EffectiveValue> All => _ordered;

    /// <summary>The entry, or null where the key has no value or a broken one.</summary>
    public EffectiveValue? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The value of a key that has a default or was checked to be there.</summary>
    public T Get<T>(string name) => (T)_byName[name].Value;

    /// <summary>The value of an optional key.</summary>
    public T? GetOrNull<T>(string name)
        where T : class => (T?)_byName.GetValueOrDefault(name)?.Value;

    /// <summary>The items of a list key.</summary>
    public ImmutableArray<T> GetList<T>(string name) => [.. Get<ImmutableArray<object>>(name).Cast<T>()];

    public void Add(string name, EffectiveValue value)
    {
        _byName.Add(name, value);
        _ordered.Add(value);
    }
}
