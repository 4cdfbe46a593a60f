using System.Runtime;
using SensorGateway.Pipeline.Detection;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection;

public sealed class HotRegexTests
{
    // Back references: no automaton is exact, so .NET's regex has the last word.
    private const string Pattern = @"user=(\w+) owner=\1!";

    private static readonly byte[] Candidate = Payload("user=ann owner=ann?");
    private static readonly byte[] Match = Payload("user=ann owner=ann!");

    private static DetectionOptions Options { get; } =
        new() { CacheEntries = 0, MatchTimeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public void CompileHotRegexes_WithPayloadsThatReachAllItsCode_LeavesNothingToCompileForTheWorker()
    {
        var program = RuleProgram.Build(Set(("a", Regex(Pattern))), Options);
        var detector = Heat(program);
        Assert.True(program.HasHotRegexes(100));

        var compiled = 0;
        var other = new Thread(() => compiled = program.CompileHotRegexes(100, [Candidate]));
        other.Start();
        other.Join();
        Assert.Equal(1, compiled);
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        Assert.False(detector.Inspect(Match).IsClean);
        Assert.True(detector.Inspect(Candidate).IsClean);

        Assert.Equal(before, JitInfo.GetCompiledMethodCount(currentThread: true));
        Assert.False(program.HasHotRegexes(100));
    }

    [Fact]
    public void CompileHotRegexes_WithPayloadsThatNeverComeNear_KeepsTheInterpreterAndGivesUp()
    {
        var program = RuleProgram.Build(Set(("a", Regex(Pattern))), Options);
        var detector = Heat(program);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.True(program.HasHotRegexes(100));
            Assert.Equal(0, program.CompileHotRegexes(100, [Payload("nothing of that kind")]));
        }

        Assert.False(program.HasHotRegexes(100));
        Assert.False(detector.Inspect(Match).IsClean);
    }

    [Fact]
    public void CompileHotRegexes_OfARareRegex_DoesNothing()
    {
        var program = RuleProgram.Build(Set(("a", Regex(Pattern))), Options);

        Assert.False(program.HasHotRegexes(1));
        Assert.Equal(0, program.CompileHotRegexes(1, [Candidate]));
    }

    private static Detector Heat(RuleProgram program)
    {
        var detector = new Detector(program, Options);
        for (var i = 0; i < 200; i++)
        {
            detector.Inspect(Match);
        }

        return detector;
    }
}
