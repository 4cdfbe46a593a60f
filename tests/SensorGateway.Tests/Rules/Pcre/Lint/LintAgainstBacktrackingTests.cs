using System.Text;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;

namespace SensorGateway.Tests.Rules.Pcre.Lint;

/// <summary>What the lint lets pass does not make a plain backtracking matcher work more than a square of the payload.</summary>
public sealed class LintAgainstBacktrackingTests
{
    private const int PayloadBytes = 60;
    private const long StepsMax = 400L * PayloadBytes * PayloadBytes;

    private static readonly string[] Atoms = ["a", "b", "ab", "[ab]", "aa", "ba", "."];
    private static readonly string[] Counts = ["*", "+", "?", "*?", "+?", "{2}", "{2,}", "{1,3}", "{3,9}", "*", "+"];

    [Fact]
    public void Judge_OfPatternsThatPass_BoundsTheSteps()
    {
        var passed = 0;
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var pcre = (random.Next(2) == 0 ? "^" : "") + "(?:" + Alternatives(random, 3) + ")(?!)"; // Fails: every way is tried.
            if (PcrePattern.TryParse(pcre, PcreModes.None, out _) is null || Judge(pcre) is not null)
            {
                continue;
            }

            passed++;
            for (var i = 0; i < 3; i++)
            {
                var payload = Payload(random);
                var steps = Steps(pcre, payload);
                Assert.True(steps <= StepsMax, $"seed {seed}: {pcre} takes more than {StepsMax} steps on {payload}");
            }
        }

        Assert.InRange(passed, 1_000, 3_900); // Neither everything is refused nor nothing.
    }

    [Theory]
    [InlineData("^(a+)+(?!)", "a")]
    [InlineData("^(?:a|ab|b)*(?!)", "ab")]
    [InlineData("(?:a?){30}(?!)", "a")]
    [InlineData("a*a*a*b*a*(?!)", "a")]
    public void Steps_OfPatternsThatAreRefused_BreakTheBound(string pcre, string pump)
    {
        Assert.NotNull(Judge(pcre));
        Assert.True(Steps(pcre, string.Concat(Enumerable.Repeat(pump, PayloadBytes / pump.Length))) > StepsMax);
    }

    private static long Steps(string pcre, string payload)
    {
        var matcher = new PlainBacktracker(Encoding.ASCII.GetBytes(payload), StepsMax);
        Assert.False(matcher.Search(PcrePattern.TryParse(pcre, PcreModes.None, out _)!.Root));
        return matcher.Steps;
    }

    private static PcreProblem? Judge(string pcre) =>
        RegexLint.Judge(PcrePattern.TryParse(pcre, PcreModes.None, out _)!, PcreModes.None);

    private static string Payload(Random random)
    {
        var pump = Word(random, 1 + random.Next(4));
        return Word(random, random.Next(3)) + string.Concat(Enumerable.Repeat(pump, PayloadBytes / pump.Length)) + Word(random, random.Next(3));
    }

    private static string Word(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(2) == 0 ? 'a' : 'b'));

    private static string Alternatives(Random random, int depth) =>
        Sequence(random, depth) + (random.Next(4) == 0 ? "|" + Sequence(random, depth) : "");

    private static string Sequence(Random random, int depth) =>
        string.Concat(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Item(random, depth)));

    private static string Item(Random random, int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 => Atoms[random.Next(Atoms.Length)],
        1 => (random.Next(2) == 0 ? "a" : "b") + Counts[random.Next(Counts.Length)],
        2 => "(?=" + Alternatives(random, depth - 1) + ")",
        _ => "(?:" + Alternatives(random, depth - 1) + ")" + (random.Next(2) == 0 ? Counts[random.Next(Counts.Length)] : ""),
    };
}
