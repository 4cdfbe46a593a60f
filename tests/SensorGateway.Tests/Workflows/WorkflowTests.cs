using SensorGateway.TestKit.Workflows;
using SensorGateway.Tests.Architecture;

namespace SensorGateway.Tests.Workflows;

public sealed class WorkflowTests
{
    private const string Sound = """
        name: sound
        on:
          push:
          workflow_dispatch:
            inputs:
              wish: { required: false }
        permissions: { contents: read }
        jobs:
          first:
            runs-on: ubuntu-24.04
            timeout-minutes: 5
            outputs: { word: "${{ steps.say.outputs.word }}" }
            strategy: { matrix: { flavour: [a, b] } }
            steps:
              - uses: actions/checkout@v4
              - id: say
                run: bash tests/run.sh --filter "${{ matrix.flavour }}"
              - if: ${{ steps.say.outcome == 'success' }}
                run: echo "${{ inputs.wish }}"
          second:
            needs: first
            runs-on: ubuntu-24.04
            timeout-minutes: 5
            steps:
              - run: echo "${{ needs.first.outputs.word }}"
        """;

    public static TheoryData<string> Workflows =>
        [.. Directory.GetFiles(Folder, "*.yml").Select(file => Path.GetFileName(file)!)];

    private static string Folder => Path.Combine(Repository.Root, ".github", "workflows");

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_IsSound(string name)
    {
        var lint = WorkflowLint.Check(File.ReadAllText(Path.Combine(Folder, name)), Repository.Root);

        Assert.True(lint.Problems.Count == 0, string.Join('\n', lint.Problems));
        Assert.NotEmpty(lint.Scripts);
    }

    [Fact]
    public void Workflows_AreTheOnesTheReadmesSpeakOf() => Assert.Equal(
        ["ci.yml", "perf-nightly.yml"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void Nightly_ComparesAndKeepsItsReportsWhateverTheVerdict()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "perf-nightly.yml"));

        Assert.Contains("schedule:", text, StringComparison.Ordinal);
        Assert.Contains("benchmarks/nightly.sh", text, StringComparison.Ordinal);
        Assert.Contains("fetch-depth: 0", text, StringComparison.Ordinal);
        Assert.Contains("actions/upload-artifact@", text, StringComparison.Ordinal);
        Assert.Contains("always()", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OfASoundWorkflow_FindsNothingAndAllScripts()
    {
        var lint = WorkflowLint.Check(Sound, Repository.Root);

        Assert.Empty(lint.Problems);
        Assert.Equal(3, lint.Scripts.Count);
    }

    [Theory]
    [InlineData("actions/checkout@v4", "actions/checkout@main", "not pinned")]
    [InlineData("actions/checkout@v4", "actions/checkout", "not pinned")]
    [InlineData("tests/run.sh", "tests/walk.sh", "tests/walk.sh is not in the repository")]
    [InlineData("needs: first", "needs: third", "needs third")]
    [InlineData("needs: first", "need: first", "need is no key")]
    [InlineData("steps.say.outputs.word", "steps.shout.outputs.word", "steps.shout does not exist")]
    [InlineData("needs.first.outputs", "needs.second.outputs", "needs.second does not exist")]
    [InlineData("matrix.flavour", "matrix.taste", "matrix.taste does not exist")]
    [InlineData("inputs.wish }}", "inputs.hope }}", "inputs.hope does not exist")]
    [InlineData("inputs.wish }}", "inputs.wish", "not closed")]
    [InlineData("runs-on: ubuntu-24.04", "runs-on: ubuntu-latest", "ubuntu-latest is none of")]
    [InlineData("timeout-minutes: 5", "timeout: 5", "timeout-minutes is missing")]
    [InlineData("permissions: { contents: read }", "", "permissions is missing")]
    [InlineData("push:", "pushed:", "pushed is no event")]
    [InlineData("- id: say", "- uses: actions/cache@v4", "either uses or run")]
    [InlineData("jobs:", "jobs: [", "line ")]
    [InlineData(Sound, "", "not one mapping")]
    public void Check_OfABrokenWorkflow_SaysWhatIsWrong(string from, string to, string expected)
    {
        var lint = WorkflowLint.Check(Sound.Replace(from, to, StringComparison.Ordinal), Repository.Root);

        Assert.Contains(expected, string.Join('\n', lint.Problems), StringComparison.Ordinal);
    }
}
