using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;
using Xunit.Abstractions;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection.Safety;

/// <summary>A thousand catastrophic patterns are linear, refused, or confined; no payload gets past the bound.</summary>
public sealed class CatastrophicPatternTests(ITestOutputHelper output)
{
    private const int ConfinedOneOf = 9; // The others are refused all the same; running each would take a minute.

    [Fact]
    public void Patterns_OfEveryFamily_AreLinearRefusedOrConfined()
    {
        var patterns = CatastrophicPatterns.All().ToList();
        var (linear, refused, passed, confined) = (0, 0, 0, 0);
        foreach (var (text, drive) in patterns)
        {
            var pattern = PcrePattern.TryParse(text, PcreModes.None, out var problem);
            Assert.True(pattern is not null, $"{text}: {problem}");
            if (LinearForm.Obstacle(pattern.Root) is null)
            {
                linear++;
                AssertLinear(pattern, drive);
            }
            else if (RegexLint.Judge(pattern, PcreModes.None) is null)
            {
                passed++;
                AssertInTime(pattern, drive);
            }
            else if (refused++ % ConfinedOneOf == 0)
            {
                confined++;
                AssertConfined(pattern, drive);
            }
        }

        output.WriteLine($"{patterns.Count} patterns: {linear} linear, {refused} refused ({confined} of them run confined), {passed} passed");
        Assert.True(patterns.Count >= 1_000);
        Assert.True(refused > patterns.Count / 2);
        Assert.True(passed < patterns.Count / 20);
    }

    private static void AssertLinear(BytePattern pattern, char drive)
    {
        var detector = DetectorFor(pattern, TimeSpan.FromMilliseconds(1));
        foreach (var payload in CatastrophicPatterns.Payloads(drive))
        {
            detector.Inspect(Payload(payload));
        }

        Assert.Equal(0, detector.Counters.RegexRuns);
    }

    /// <summary>Two loops over 4 KiB at most: far below a second of the thread's own time.</summary>
    private static void AssertInTime(BytePattern pattern, char drive)
    {
        var detector = DetectorFor(pattern, TimeSpan.FromSeconds(1));
        foreach (var payload in CatastrophicPatterns.Payloads(drive))
        {
            detector.Inspect(Payload(payload));
        }

        Assert.True(detector.Counters.Timeouts == 0, pattern.Pcre);
    }

    private static void AssertConfined(BytePattern pattern, char drive)
    {
        var timeout = TimeSpan.FromMilliseconds(2);
        var detector = DetectorFor(pattern, timeout);
        for (var round = 0; round < 4; round++)
        {
            foreach (var payload in CatastrophicPatterns.Payloads(drive))
            {
                var bytes = Payload(payload);
                var before = ThreadTime.SpentNanoseconds();
                detector.Inspect(bytes);
                var spent = ThreadTime.SpentNanoseconds() - before;

                // A run that timed out is repeated until the thread itself has spent the time, at most three times.
                Assert.True(spent < 20 * timeout.TotalNanoseconds, $"{pattern.Pcre}: {spent} ns");
            }
        }

        Assert.InRange(detector.Counters.Timeouts, 0, RegexSlot.StrikesMax);
        Assert.Equal(detector.Counters.Timeouts == RegexSlot.StrikesMax, detector.Program.QuarantinedRules().Length == 1);
        Assert.Equal(detector.Counters.QuarantineSkips > 0, detector.Counters.Timeouts == RegexSlot.StrikesMax);
    }

    private static Detector DetectorFor(BytePattern pattern, TimeSpan timeout)
    {
        var options = new DetectionOptions { MatchTimeout = timeout, CacheEntries = 0 };
        return new Detector(RuleProgram.Build(Set(("slow", new RegexTerm(pattern, []))), options), options);
    }
}
