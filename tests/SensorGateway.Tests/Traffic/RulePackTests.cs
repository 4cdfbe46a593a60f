using SensorGateway.TestKit.PlainRules;
using YamlDotNet.RepresentationModel;

namespace SensorGateway.Tests.Traffic;

public sealed class RulePackTests
{
    private static readonly string[] RequiredKeys = ["id", "title", "severity", "tags", "author", "match", "examples"];
    private static readonly string[] Severities = ["info", "low", "medium", "high", "critical"];

    [Fact]
    public void EveryRule_HasTheRequiredKeysAndNoOthers()
    {
        Assert.All(RuleNodes(), rule =>
        {
            var keys = rule.Children.Keys.Select(key => ((YamlScalarNode)key).Value ?? string.Empty).ToList();
            Assert.All(RequiredKeys, key => Assert.Contains(key, keys));
            Assert.Equal(RequiredKeys.Length, keys.Count);
            Assert.Equal("SensorGateway", ((YamlScalarNode)rule["author"]).Value);
            Assert.Contains(((YamlScalarNode)rule["severity"]).Value, Severities);
            Assert.NotEmpty((YamlSequenceNode)rule["tags"]);
        });
    }

    [Fact]
    public void Packs_HoldAtLeast150RulesWithUniqueIds()
    {
        var ids = PlainRulePack.Load(RulePack.Folder).Select(rule => rule.Id).ToList();

        Assert.InRange(ids.Count, 150, int.MaxValue);
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id => Assert.Matches("^[a-z0-9]+(?:[.-][a-z0-9]+)+$", id));
    }

    [Fact]
    public void EveryExample_MatchesOrNotAsItsRuleSays()
    {
        Assert.All(PlainRulePack.Load(RulePack.Folder), rule =>
        {
            Assert.NotEmpty(rule.ExamplesMatch);
            Assert.NotEmpty(rule.ExamplesClean);
            Assert.All(rule.ExamplesMatch, example => Assert.True(rule.Match.IsMatch(example),
                $"{rule.Id} misses {example}"));
            Assert.All(rule.ExamplesClean, example => Assert.False(rule.Match.IsMatch(example),
                $"{rule.Id} matches {example}"));
        });
    }

    [Fact]
    public void EveryFile_IsNamedAfterTheRulesInIt()
    {
        foreach (var file in Directory.GetFiles(RulePack.Folder, "*.yaml"))
        {
            var prefix = Path.GetFileNameWithoutExtension(file) + ".";
            Assert.All(PlainRulePack.Load(file), rule => Assert.StartsWith(prefix, rule.Id, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ReadmeOfThePacks_CountsTheRulesOfEachFile()
    {
        var readme = File.ReadAllText(Path.Combine(RulePack.Folder, "README.md"));
        foreach (var file in Directory.GetFiles(RulePack.Folder, "*.yaml"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.Contains($"| [{name}]({name}.yaml) | {PlainRulePack.Load(file).Count} | ", readme, StringComparison.Ordinal);
        }

        var all = PlainRulePack.Load(RulePack.Folder).Count;
        Assert.Contains($"{all} rules in {Directory.GetFiles(RulePack.Folder, "*.yaml").Length} packs", readme, StringComparison.Ordinal);
    }

    private static IEnumerable<YamlMappingNode> RuleNodes()
    {
        foreach (var file in Directory.GetFiles(RulePack.Folder, "*.yaml"))
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(file)));
            foreach (var node in (YamlSequenceNode)stream.Documents[0].RootNode["rules"])
            {
                yield return (YamlMappingNode)node;
            }
        }
    }
}
