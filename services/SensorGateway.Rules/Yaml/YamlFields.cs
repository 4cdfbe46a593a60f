using SensorGateway.Rules.Files;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Yaml;

/// <summary>The entries of a map by name; unknown and repeated keys are noted at once.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);

    /// <param name="map">Where the entries stand.</param>
    /// <param name="known">Keys that may stand there.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="explain">Words for a key that is not known there; null, or a null result, for the usual ones.</param>
    public YamlFields(
        YamlMap map,
        IReadOnlyCollection<string> known,
        ProblemLog problems,
        Func<string, (string Problem, string Fix)?>? explain = null)
    {
        Map = map;
        foreach (var (key, value) in map.Entries)
        {
            if (!known.Contains(key.Value))
            {
                var (problem, fix) = explain?.Invoke(key.Value)
                    ?? ($"unknown key '{RuleText.Shown(key.Value)}'", NearestName.Cure(key.Value, known));
                problems.Add(key.Position, problem, fix);
            }
            else if (!_values.TryAdd(key.Value, value))
            {
                problems.Add(key.Position, $"key '{key.Value}' stands here twice", "keep one");
            }
        }
    }

    public YamlMap Map { get; }

    /// <summary>The value of a key, or null.</summary>
    public YamlNode? this[string name] => _values.GetValueOrDefault(name);
}
