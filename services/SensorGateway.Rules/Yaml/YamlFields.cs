using SensorGateway.Rules.Files;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Yaml;

/// <summary>The entries of a map by name; unknown and repeated keys are noted at once.</summary>
internal sealed class YamlFields
{
    private static readonly HashSet<string> Later = ["transform"]; // Promised keys whose feature is not there yet.

    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);

    public YamlFields(YamlMap map, IReadOnlyCollection<string> known, ProblemLog problems)
    {
        Map = map;
        foreach (var (key, value) in map.Entries)
        {
            if (Later.Contains(key.Value))
            {
                problems.Add(key.Position, $"key '{key.Value}' is not in this version", "leave it out");
            }
            else if (!known.Contains(key.Value))
            {
                problems.Add(key.Position, $"unknown key '{RuleText.Shown(key.Value)}'", NearestName.Cure(key.Value, known));
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
