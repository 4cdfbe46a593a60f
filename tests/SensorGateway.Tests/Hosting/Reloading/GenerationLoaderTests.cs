using SensorGateway.Configuration.Model;
using SensorGateway.Hosting.Reloading;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Tests.Rules.Loading;

namespace SensorGateway.Tests.Hosting.Reloading;

public sealed class GenerationLoaderTests
{
    private const string Good = "rules:\n  - id: a\n    match: { literal: needle }\n    examples: { match: [needle] }\n";

    [Fact]
    public void Load_OfGoodFiles_GivesAProgram()
    {
        using var folder = new RuleFolder();
        folder.Write("r.yaml", Good);

        var loaded = Load(folder, ["."], []);

        Assert.Empty(loaded.Problems);
        Assert.Equal("a", loaded.Program!.Reported[0].Id);
    }

    [Theory]
    [InlineData("", "r.yaml: there is no rule in this file; write 'rules:' and below it '  - id: …'.")]
    [InlineData("rules:\n  - id: a\n    match: { literal: ne", "r.yaml:4:1: this is no YAML: ")]
    [InlineData("rules:\n  - id: a\n    match: { regex: '(' }\n", "r.yaml:3:22: bad regex: ")]
    [InlineData(
        "rules:\n  - id: a\n    match: { literal: x }\n    examples: { match: [y] }\n",
        "r.yaml:4:25: rule 'a' does not match this example; correct the rule or the example.")]
    [InlineData(
        "rules:\n  - id: a\n    match: { literal: x }\n    examples: { clean: [axe] }\n",
        "r.yaml:4:25: rule 'a' matches this example, which is listed as clean; narrow the rule, or list the example under match.")]
    public void Load_OfABadFile_SaysWhereAndWhy(string text, string message)
    {
        using var folder = new RuleFolder();
        folder.Write("r.yaml", text);

        var loaded = Load(folder, ["r.yaml"], []);

        Assert.Null(loaded.Program);
        Assert.StartsWith(message, loaded.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithAMissingHashList_SaysSo()
    {
        using var folder = new RuleFolder();
        folder.Write("r.yaml", Good);

        var loaded = Load(folder, ["r.yaml"], ["ioc/bad.txt"]);

        Assert.Null(loaded.Program);
        Assert.StartsWith("ioc/bad.txt: there is no such file or folder;", loaded.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhileAFileNeverStandsStill_RefusesIt()
    {
        using var folder = new RuleFolder();
        var path = folder.Write("r.yaml", Good);
        var looks = 0;
        var loaded = Load(folder, ["r.yaml"], [], () =>
        {
            looks++;
            File.AppendAllText(path, "#\n"); // Longer each time: a clock may stand still for some milliseconds.
        });

        Assert.Equal(3, looks);
        Assert.Null(loaded.Program);
        Assert.Contains("changes while it is read", loaded.Problems[0].ToString(), StringComparison.Ordinal);
        Assert.NotNull(Load(folder, ["r.yaml"], []).Program);
    }

    [Fact]
    public void RuleFiles_SeeChangesArrivalsDeparturesAndLinks()
    {
        using var folder = new RuleFolder();
        folder.Write("rules/a.yaml", Good);
        folder.Write("v1/b.yaml", Good);
        folder.Write("v2/b.yaml", Good + "# longer\n");
        File.CreateSymbolicLink(Path.Combine(folder.Root, "now"), Path.Combine(folder.Root, "v1"));
        var rules = new RuleConfig(["rules/", "now/b.yaml"], [], true);
        var first = RuleFiles.Read(rules, folder.Root);
        Assert.Null(first.FirstDifference(RuleFiles.Read(rules, folder.Root)));

        folder.Write("rules/new.yaml", Good);
        var second = RuleFiles.Read(rules, folder.Root);
        Assert.EndsWith("new.yaml", first.FirstDifference(second), StringComparison.Ordinal);
        Assert.EndsWith("new.yaml", second.FirstDifference(first), StringComparison.Ordinal);

        File.Delete(Path.Combine(folder.Root, "now"));
        File.CreateSymbolicLink(Path.Combine(folder.Root, "now"), Path.Combine(folder.Root, "v2"));
        Assert.EndsWith(
            "now/b.yaml", second.FirstDifference(RuleFiles.Read(rules, folder.Root)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAFileThatThenStandsStill_TakesWhatItHoldsAtLast()
    {
        using var folder = new RuleFolder();
        folder.Write("r.yaml", Good[..^30]); // Half of it, as if somebody were writing.

        var looks = 0;
        var loaded = Load(folder, ["r.yaml"], [], () =>
        {
            if (looks++ == 0)
            {
                folder.Write("r.yaml", Good);
            }
        });

        Assert.Equal(2, looks);
        Assert.Empty(loaded.Problems);
        Assert.NotNull(loaded.Program);
    }

    private static LoadedGeneration Load(
        RuleFolder folder, string[] rules, string[] hashes, Action? meanwhile = null) => GenerationLoader.Load(
        new RuleConfig([.. rules], [.. hashes], false), folder.Root, new DetectionOptions(), meanwhile);
}
