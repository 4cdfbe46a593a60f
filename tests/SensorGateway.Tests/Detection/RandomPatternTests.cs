using System.Numerics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Rules.Model;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection;

/// <summary>Random regexes on random payloads: the engine agrees with .NET's backtracking regexes.</summary>
public sealed class RandomPatternTests
{
    private const int PayloadsPerPattern = 60;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Run_OfOnePattern_AgreesWithDotNetOrAcceptsMoreWhereItSaysSo(int seed, bool plain)
    {
        var random = new RandomPatterns(seed);
        var accepted = 0;
        var filtered = 0;
        var shorter = 0;
        for (var round = 0; round < 800; round++)
        {
            var pattern = random.Next(plain).Pattern;
            var builder = new NfaBuilder(repeatNodesMax: 40);
            var exact = builder.Add(pattern.Root);
            var automaton = new Automaton(builder.Build());
            var dfa = new LazyDfa(automaton, bytesMax: round % 3 == 0 ? 2_000 : 1 << 20);
            var walk = new NfaWalk(automaton);
            var trimmedBuilder = new NfaBuilder(repeatNodesMax: 40);
            var trimmedExact = trimmedBuilder.Add(LeadingRepeats.Trim(pattern.Root));
            var trimmed = new LazyDfa(new Automaton(trimmedBuilder.Build()), bytesMax: 1 << 20);
            shorter += trimmedBuilder.Size < builder.Size ? 1 : 0;
            var filter = AttemptFilter.TryBuild(automaton.Nfa, GramFrequency.Typical);
            var regex = new Regex(pattern.DotNet, BytePattern.DotNetOptions, TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < PayloadsPerPattern; i++)
            {
                var payload = random.Payload(i < 30 ? i : random.Below(12));
                bool expected;
                try
                {
                    expected = regex.IsMatch(Widen(payload));
                }
                catch (RegexMatchTimeoutException)
                {
                    break;
                }

                var found = dfa.Run(payload, 0) != 0;
                accepted += found ? 1 : 0;
                Assert.True(
                    exact ? found == expected : found || !expected,
                    $"{pattern.Pcre} as {pattern.DotNet} on {Convert.ToHexString(payload)}: .NET {expected}, automaton {found}");
                Assert.Equal(found, walk.Run(payload, 0, all: 1, mayDie: false) != 0);
                Assert.True(
                    trimmedExact ? trimmed.Run(payload, 0) != 0 == expected : trimmed.Run(payload, 0) != 0 || !expected,
                    $"{pattern.Pcre} without its front on {Convert.ToHexString(payload)}: .NET {expected}");
                if (filter is not null && found)
                {
                    filtered++;
                    Assert.True(
                        FirstPlace(filter, payload) is var place && place >= 0 && dfa.Run(payload, place) != 0,
                        $"{pattern.Pcre} on {Convert.ToHexString(payload)}: the filter lets {place} pass first");
                }
            }
        }

        Assert.InRange(accepted, 4_000, 44_000);
        Assert.True(shorter > 50, $"only {shorter} patterns had a front to take off");
        Assert.True(filtered > 100 || !Avx512Vbmi.IsSupported, $"only {filtered} matches went through a filter");
    }

    [Theory]
    [InlineData(3, 1, 1 << 20)]
    [InlineData(4, 12, 1 << 20)]
    [InlineData(5, 90, 1 << 20)]
    [InlineData(6, 40, 3_000)] // So little room that groups split and automata start over.
    public void Inspect_OfRandomRules_AgreesWithThePlainLoop(int seed, int rulesPerSet, int automatonBytesMax)
    {
        var random = new RandomPatterns(seed);
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromSeconds(1), CacheEntries = 4, AutomatonBytesMax = automatonBytesMax };
        var splits = 0L;
        var compared = 0;
        for (var round = 0; round < 600 / (rulesPerSet + 4); round++)
        {
            var rules = Set([.. Enumerable.Range(0, rulesPerSet).Select(i => ($"r{i:D3}", Tree(random)))]);
            var loop = new PlainLoop(rules);
            var detector = new Detector(RuleProgram.Build(rules, options), options);
            for (var i = 0; i < PayloadsPerPattern; i++)
            {
                var payload = random.Payload(i < 40 ? i : random.Below(80));
                if (loop.Matches(payload) is not { } expected)
                {
                    break; // Catastrophic for the plain loop; more payloads would only cost time.
                }

                compared++;
                var found = detector.Inspect(payload).Rules.ToArray();
                Assert.True(
                    expected.SequenceEqual(found),
                    $"on {Convert.ToHexString(payload)}: differ in "
                    + string.Join(", ", expected.Except(found).Concat(found.Except(expected)).Select(rule => rules.Rules[rule].Match)));
            }

            splits += detector.Counters.GroupSplits;
        }

        Assert.Equal(automatonBytesMax < 10_000, splits > 0);
        Assert.True(compared > 200, $"only {compared} payloads could be compared");
    }

    [Fact]
    public void Find_OfAFactor_StandsInEveryMatchOrBehindItsStartWithinTheBound()
    {
        var random = new RandomPatterns(7);
        var finder = new FactorFinder(GramFrequency.Typical);
        var seen = 0;
        for (var round = 0; round < 1_500; round++)
        {
            var pattern = random.Next(plain: false).Pattern;
            if (finder.Find(pattern.Root) is not { } factor)
            {
                continue;
            }

            var builder = new LiteralTableBuilder();
            var texts = factor.Texts.Select(text => builder.Add(text.Bytes.AsSpan(), text.NoCase)).ToArray();
            var table = builder.Build();
            var regex = new Regex(pattern.DotNet, BytePattern.DotNetOptions, TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < 30; i++)
            {
                var payload = random.Payload(i);
                if (MatchInTime(regex, payload) is not { Success: true } match)
                {
                    continue; // Or too catastrophic for .NET to tell.
                }

                var bounds = texts.Any(text => Places(table, text, payload)
                    .Any(at => at >= match.Index && at - (long)factor.BytesBefore <= match.Index));
                Assert.True(
                    bounds,
                    $"{pattern.Pcre} matches {Convert.ToHexString(payload)} at {match.Index}; no factor bounds that");
                seen++;
            }
        }

        Assert.InRange(seen, 1_000, 45_000);
    }

    private static int FirstPlace(AttemptFilter filter, byte[] payload)
    {
        for (var at = 0; at < payload.Length; at += 64)
        {
            if (filter.PlacesFrom(payload, at) is not 0 and var places)
            {
                return at + BitOperations.TrailingZeroCount(places);
            }
        }

        return -1;
    }

    private static Match? MatchInTime(Regex regex, byte[] payload)
    {
        try
        {
            return regex.Match(Widen(payload));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static IEnumerable<int> Places(LiteralTable table, int literal, byte[] payload)
    {
        for (var at = table.IndexIn(literal, payload); at >= 0; at = table.IndexIn(literal, payload, at + 1))
        {
            yield return at;
        }
    }

    private static MatchNode Tree(RandomPatterns random) => random.Below(6) switch
    {
        0 => new LiteralTerm([.. random.Payload(1 + random.Below(5))], random.Below(2) == 0),
        1 => new AnyNode([random.Next(plain: false), random.Next(plain: true)]),
        2 => new AllNode([random.Next(plain: true), new NotNode(random.Next(plain: false)), random.Next(plain: true)]),
        _ => random.Next(plain: random.Below(2) == 0),
    };

    private static string Widen(byte[] payload) =>
        string.Create(payload.Length, payload, (chars, bytes) => ByteText.Widen(bytes, chars));
}
