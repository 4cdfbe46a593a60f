using System.Globalization;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Yaml;

/// <summary>Reads values of the types that rules have; a missing one is null, a wrong one is null with a problem noted.</summary>
internal sealed class YamlValues(ProblemLog problems)
{
    private static readonly TimeSpan DurationMax = TimeSpan.FromHours(24);

    public WrittenText? Text(YamlNode? node, string name)
    {
        switch (node)
        {
            case null:
                return null;
            case YamlText { IsNull: false } text:
                return text.Written;
            case YamlText:
                problems.Add(node.Position, $"'{name}' has no value", "write one, or leave the key out");
                return null;
            default:
                problems.Add(node.Position, $"'{name}' is one text, not a {KindOf(node)}", "write one value");
                return null;
        }
    }

    /// <summary>One line for people.</summary>
    public string? Line(YamlNode? node, string name)
    {
        if (Text(node, name) is not { } text)
        {
            return null;
        }

        if (RuleText.LineProblem(text.Value) is not { } problem)
        {
            return text.Value;
        }

        problems.Add(
            text.Position, $"'{name}' {problem}", $"write one line of 1 to {RuleLimits.TextCharsMax} characters");
        return null;
    }

    /// <summary>One text or a list of them; empty when missing.</summary>
    public IReadOnlyList<WrittenText> Texts(YamlNode? node, string name)
    {
        var items = node is YamlList list ? list.Items : node is null ? [] : [node];
        return [.. items.Select(item => Text(item, name)).OfType<WrittenText>()];
    }

    public bool? Flag(YamlNode? node, string name)
    {
        switch (node)
        {
            case null:
                return null;
            case YamlText { IsPlain: true, Value: "true" }:
                return true;
            case YamlText { IsPlain: true, Value: "false" }:
                return false;
            default:
                problems.Add(node.Position, $"'{name}' is not true or false", "write true or false, without quotes");
                return null;
        }
    }

    /// <summary>A count and a unit: 250ms, 30s, 5m, 1h.</summary>
    public TimeSpan? Duration(YamlNode? node, string name)
    {
        if (Text(node, name) is not { } text)
        {
            return null;
        }

        var digits = text.Value.TakeWhile(char.IsAsciiDigit).Count();
        var unit = UnitOf(text.Value[digits..]);
        var number = text.Value.AsSpan(0, digits);
        if (unit is null || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            problems.Add(
                text.Position, $"'{RuleText.Shown(text.Value)}' is no duration",
                "write a whole number with its unit: 250ms, 30s, 5m or 1h");
            return null;
        }

        if (count <= DurationMax / unit.Value)
        {
            return count * unit.Value;
        }

        problems.Add(text.Position, $"'{RuleText.Shown(text.Value)}' is too long for '{name}'", "use at most 24h");
        return null;
    }

    public YamlMap? Map(YamlNode? node, string name)
    {
        if (node is not (null or YamlMap))
        {
            problems.Add(
                node.Position, $"'{name}' is a map, not a {KindOf(node)}", "write 'key: value' lines below it");
        }

        return node as YamlMap;
    }

    public static string KindOf(YamlNode node) => node switch
    {
        YamlList => "list",
        YamlMap => "map",
        YamlText { IsNull: true } => "blank",
        _ => "text",
    };

    private static TimeSpan? UnitOf(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => null,
    };
}
