using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;

namespace SensorGateway.Rules.Yaml;

/// <summary>Reads a rule file in YAML: a map with one list, <c>rules</c>.</summary>
internal sealed class YamlRules(ProblemLog problems)
{
    private const string Example = "write 'rules:' and below it '  - id: …'";

    /// <returns>The rules that are right; what is wrong with the others is in the log.</returns>
    public IReadOnlyList<Rule> Read(ReadOnlySpan<byte> file)
    {
        if (YamlEncoding.Decode(file, problems) is not { } text)
        {
            return [];
        }

        var root = YamlTree.Read(text, problems);
        if (root is null or YamlText { IsNull: true })
        {
            if (problems.IsEmpty)
            {
                problems.Add(0, 0, "there is no rule in this file", Example);
            }

            return [];
        }

        return ListOf(root) is { } list ? ReadAll(list) : [];
    }

    private List<Rule> ReadAll(YamlList list)
    {
        var reader = new YamlRule(problems);
        var rules = new List<Rule>();
        foreach (var item in list.Items)
        {
            if (reader.Read(item) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private YamlList? ListOf(YamlNode root)
    {
        if (root is not YamlMap map)
        {
            problems.Add(root.Position, $"a rule file is a map, not a {YamlValues.KindOf(root)}", Example);
            return null;
        }

        var fields = new YamlFields(map, ["rules"], problems);
        switch (fields["rules"])
        {
            case YamlList { Items.Count: > 0 } list:
                return list;
            case null when !problems.IsEmpty:
                return null; // A misspelt 'rules' has been named.
            case null or YamlList or YamlText { IsNull: true }:
                problems.Add(map.Position, "there is no rule in this file", Example);
                return null;
            case var other:
                problems.Add(
                    other.Position, $"'rules' is a list, not a {YamlValues.KindOf(other)}",
                    "start each rule with '- '");
                return null;
        }
    }
}
