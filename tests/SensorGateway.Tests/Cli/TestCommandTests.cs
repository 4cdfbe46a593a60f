using System.Xml.Linq;
using SensorGateway.Tests.Golden;

namespace SensorGateway.Tests.Cli;

/// <summary>The verb test: examples, test files, coverage, and what CI reads of it.</summary>
public sealed class TestCommandTests : IDisposable
{
    private const string Good =
        """
        rules:
          - id: a.passwd
            match: { literal: '/etc/passwd' }
            examples: { match: ['cat /etc/passwd'], clean: ['cat passwd'] }
          - id: b.etc
            match: { literal: '/etc/' }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Test_OfExamplesThatHold_ExitsWith0AndShowsWhatIsMissing()
    {
        var rules = _folder.Write("rules/r.yaml", Good);

        var (exitCode, output, error) = await CommandRunner.RunAsync("test", rules);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(
            $"""
            coverage: 1 of 2 rules have an example that must match, 1 one that must not.
            without an example:
              b.etc
            hit by the examples of others:
              {rules}:4:26: the example of a.passwd also hits b.etc
            ok: 2 examples and tests hold.

            """.ReplaceLineEndings("\n"),
            output);
    }

    [Fact]
    public async Task Test_OfExamplesThatDoNotHold_ExitsWith1AndNamesThePlaces()
    {
        var rules = _folder.Write("r.yaml", "rules:\n  - id: a\n    match: { literal: x }\n    examples: { match: [y], clean: [axa, 'ok'] }\n");

        var (exitCode, output, error) = await CommandRunner.RunAsync("test", rules);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"{rules}:4:25: rule 'a' does not match this example; correct the rule or the example.\n"
            + $"{rules}:4:37: rule 'a' matches this example, which is listed as clean; narrow the rule, or list the example under match.\n",
            error);
        Assert.EndsWith("FAIL: 2 problems in 3 examples and tests.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_OfTestFiles_ChecksEachExpectation()
    {
        _folder.Write("rules/r.yaml", Good);
        _folder.Write("rules/samples/all.txt", "cat /etc/passwd\ncat /etc/shadow\n");
        var tests = _folder.Write(
            "rules/r.test.yaml",
            """
            tests:
              - { name: both, payload: 'x\x00/etc/passwd', match: [a.passwd], exactly: [b.etc, a.passwd] }
              - { payload: '/etc/hosts', clean: [a.passwd] }
              - { payload: 'nothing', exactly: [] }
              - { payload: '/etc/x', match: [a.passwd], clean: [b.etc], exactly: [] }
              - { file: samples/all.txt, match: [a.passwd] }
              - { file: samples/none.txt, match: [a.passwd] }
            """);

        var (exitCode, output, error) = await CommandRunner.RunAsync("test", Path.Combine(_folder.Path, "rules"));

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"""
            {tests}:5:34: rule 'a.passwd' does not match this payload; correct the rule or the test.
            {tests}:5:53: rule 'b.etc' matches this payload; correct the rule or the test.
            {tests}:5:5: rule 'b.etc' matches this payload too; correct the rule or the test.
            {tests}:6:38: rule 'a.passwd' does not match payload #1 of all.txt; correct the rule or the test.
            {tests}:7:5: {_folder.Path}/rules/samples/none.txt: cannot be read (no such file); name a file of payloads; correct 'file'.

            """.ReplaceLineEndings("\n"),
            error);
        Assert.StartsWith("coverage: 2 of 2 rules", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tests: []", ": there is no test in this file; write 'tests:' and below it \"  - { payload: '…', match: [rule.id] }\".")]
    [InlineData("tests: [x]", ":1:9: a test is a map, not a text; write 'tests:' and below it \"  - { payload: '…', match: [rule.id] }\".")]
    [InlineData("tests: [{ match: [b.etc] }]", ":1:9: this test has no payload; give it either payload: or file:.")]
    [InlineData("tests: [{ payload: x, file: y, match: [b.etc] }]", ":1:9: this test has a payload and a file; give it either payload: or file:.")]
    [InlineData("tests: [{ payload: x }]", ":1:9: this test expects nothing; say which rules match: match: [id], clean: [id], or exactly: [id] ([] for none).")]
    [InlineData("tests: [{ payload: x, match: [b.ect] }]", ":1:31: there is no rule 'b.ect'; did you mean 'b.etc'?")]
    [InlineData("tests: [{ payload: x, match: [something.else] }]", ":1:31: there is no rule 'something.else'; correct the id, or load the rule's file too.")]
    [InlineData("tests: [{ payload: 'a\\q', clean: [b.etc] }]", ":1:22: a backslash is not followed by x and two hexadecimal digits; write \\xHH for a byte, \\x5c for a backslash.")]
    [InlineData("tests: [{ payload: x, naem: y, clean: [b.etc] }]", ":1:23: unknown key 'naem'; did you mean 'name'?")]
    public async Task Test_OfABadTestFile_ExitsWith2AndSaysHow(string text, string message)
    {
        var rules = _folder.Write("r.yaml", Good);
        var tests = _folder.Write("r.test.yaml", text);

        var (exitCode, _, error) = await CommandRunner.RunAsync("test", rules);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{tests}{message}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_OfBadRules_ExitsWith2()
    {
        var rules = _folder.Write("r.yaml", "rules: [{ id: a }]");

        var (exitCode, _, error) = await CommandRunner.RunAsync("test", rules);

        Assert.Equal(2, exitCode);
        Assert.Equal($"{rules}:1:9: this rule has no 'match'; add 'match:'.\n1 problem in the rules.\n", error);
    }

    [Fact]
    public async Task Test_AsJsonAndJUnit_ArePinned()
    {
        _folder.Write("rules/r.yaml", Good + "\n    examples: { match: ['none'] }\n");
        _folder.Write("rules/r.test.yaml", "tests: [{ name: \"a < b & c\", payload: '/etc/', exactly: [b.etc] }]");
        var junit = Path.Combine(_folder.Path, "out.xml");

        var result = await CommandRunner.RunAsync("test", Path.Combine(_folder.Path, "rules"), "--json", "--junit", junit);

        Assert.Equal(1, result.ExitCode);
        GoldenFile.Verify("test-json", result.Out.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal));
        var xml = await File.ReadAllTextAsync(junit);
        GoldenFile.Verify("test-junit", xml.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal), ".xml");
        Assert.Equal("1", XDocument.Parse(xml).Root!.Attribute("failures")!.Value);
    }

    [Fact]
    public async Task Test_OfTheBundledRules_Holds()
    {
        var (exitCode, _, error) = await CommandRunner.RunAsync("test", Path.Combine(AppContext.BaseDirectory, "rules"));

        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task Check_OfAFolderWithTests_LeavesThemOut()
    {
        _folder.Write("rules/r.yaml", Good);
        var test = _folder.Write("rules/r.test.yaml", "tests: []");

        Assert.Equal(0, (await CommandRunner.RunAsync("check", Path.Combine(_folder.Path, "rules"))).ExitCode);
        Assert.Equal(
            $"{test}: this is a file of tests, not of rules; name it to the verb test instead.\n",
            (await CommandRunner.RunAsync("check", test)).Error);
    }

    [Fact]
    public async Task Check_OfRulesWithRemarks_PrintsThemAndExitsWith0()
    {
        var rules = _folder.Write("r.ndjson", """{"id":"a","kind":"regex","pattern":"x(a+)+$(?!b)"}""");

        var (exitCode, output, error) = await CommandRunner.RunAsync("check", rules);

        Assert.Equal((0, "ok   rules: 1 rules, 0 hashes, 1 warnings\n"), (exitCode, output));
        Assert.StartsWith($"{rules}:1:42: warning: unsafe regex: ", error, StringComparison.Ordinal);
    }
}
