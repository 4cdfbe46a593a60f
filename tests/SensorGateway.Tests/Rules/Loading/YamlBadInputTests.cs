namespace SensorGateway.Tests.Rules.Loading;

/// <summary>What an author reads when a rule file is wrong, word for word.</summary>
public sealed class YamlBadInputTests
{
    private const string Example = "write 'rules:' and below it '  - id: …'";

    public static TheoryData<string, string[]> Files => new()
    {
        { "", [$"r.yaml: there is no rule in this file; {Example}."] },
        { "# nothing\n", [$"r.yaml: there is no rule in this file; {Example}."] },
        { "rules:\n", [$"r.yaml:1:1: there is no rule in this file; {Example}."] },
        { "rules: []\n", [$"r.yaml:1:1: there is no rule in this file; {Example}."] },
        { "- id: a\n", [$"r.yaml:1:1: a rule file is a map, not a list; {Example}."] },
        { "rule: []\n", ["r.yaml:1:1: unknown key 'rule'; did you mean 'rules'?"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_BadFile_SaysWhereAndHow(string yaml, string[] messages) =>
        Assert.Equal(messages, RuleFolder.Messages(RuleFolder.LoadText(yaml)));
}
