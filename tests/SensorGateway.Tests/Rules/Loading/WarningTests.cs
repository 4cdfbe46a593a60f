using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Rules.Loading;

/// <summary>What authors are told though their rules load.</summary>
public sealed class WarningTests
{
    [Fact]
    public void Load_UnsafeRuleThatSaysSo_ConfinesItInSilence()
    {
        var result = RuleFolder.LoadText("rules: [{ id: a, unsafe: true, match: { regex: '(a+)+$(?!b)' } }]");

        Assert.Empty(result.Warnings);
        Assert.True(Assert.IsType<RegexTerm>(result.Rules!.Rules[0].Match).IsConfined);
    }

    [Fact]
    public void Load_SafeRuleMarkedUnsafe_Warns() => Assert.Equal(
        ["r.yaml:1:26: this rule is marked 'unsafe', but all its regexes are safe; leave the key out."],
        Warnings("rules: [{ id: a, unsafe: true, match: { regex: '(a+)+$' } }]"));

    [Fact]
    public void Load_SafeRule_IsNotConfined() =>
        Assert.False(Assert.IsType<RegexTerm>(RuleFolder.LoadRule("rules: [{ id: a, match: { regex: '(a+)+$' } }]").Match).IsConfined);

    [Fact]
    public void Load_OneOfSeveralGuardsThatCannotOccur_Warns() => Assert.Equal(
        ["r.yaml:1:65: this guard can never occur: the regex spans the whole payload and cannot hold it; take it out of the list."],
        Warnings("rules: [{ id: a, match: { regex: '^(?:ab|cd)$', guard: [ab, cd, abc] } }]"));

    [Fact]
    public void Load_UnsafeRegexInAnImportedSet_WarnsAndConfinesIt()
    {
        var result = RuleFolder.LoadText("""{"id":"a","kind":"regex","pattern":"x(a+)+$(?!b)"}""", "r.ndjson");

        Assert.Equal(
            ["r.ndjson:1:42: unsafe regex: this repeat can match the same bytes in exponentially many ways, and a look-around keeps the pattern from running in linear time; it runs under a timeout; let each turn begin and end with bytes that no other part of it takes."],
            result.Warnings.Select(warning => warning.ToString()));
        Assert.True(Assert.IsType<RegexTerm>(result.Rules!.Rules[0].Match).IsConfined);
    }

    [Fact]
    public void Load_UnsafeRegexThatAnImportedSetMarks_SaysNothing() =>
        Assert.Empty(Warnings("""{"id":"a","kind":"regex","pattern":"(a+)+$(?!b)","unsafe":true}""", "r.ndjson"));

    [Fact]
    public void Load_GuardThatCannotOccurInAnImportedSet_Warns() => Assert.Equal(
        ["r.ndjson:1:56: this guard can never occur: the regex spans the whole payload and cannot hold it; correct it, or the anchors of the regex."],
        Warnings("""{"id":"a","kind":"regex","pattern":"^[a-z]+$","guard":"a1"}""", "r.ndjson"));

    [Fact]
    public void Load_ManyWarnings_ListsHundredAndCountsTheRest()
    {
        var lines = Enumerable.Range(0, 150).Select(i => $$"""{"id":"r{{i}}","kind":"regex","pattern":"(a+)+(?!b)c"}""");

        var warnings = Warnings(string.Join('\n', lines), "r.ndjson");

        Assert.Equal(101, warnings.Length);
        Assert.Equal("r.ndjson: 50 more warnings are not listed; repair the listed ones first.", warnings[^1]);
    }

    private static string[] Warnings(string text, string name = "r.yaml")
    {
        var result = RuleFolder.LoadText(text, name);
        Assert.Empty(result.Problems.Select(problem => problem.ToString()));
        return [.. result.Warnings.Select(warning => warning.ToString())];
    }
}
