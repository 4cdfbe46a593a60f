using System.Security.Cryptography;
using System.Text;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection;

public sealed class DetectorTests
{
    [Theory]
    [InlineData("one two", "all any")]
    [InlineData("one two three", "any")]
    [InlineData("one", "any")]
    [InlineData("three", "")]
    public void Inspect_OfAnyAllNot_EvaluatesTheTree(string payload, string expected)
    {
        var rules = Set(
            ("all", new AllNode([Literal("one"), Regex("t[w]o"), new NotNode(Regex("thre{2}"))])),
            ("any", new AnyNode([Literal("one"), Literal("nothing")])));

        Assert.Equal(expected, Inspect(rules, payload));
    }

    [Theory]
    [InlineData("GET /x.php?a=1", true, "r")]
    [InlineData("GET /x.asp?a=1", true, "")]
    [InlineData("GET /x.asp?a=1", false, "r")]
    public void Inspect_OfGuardedRegex_ObeysTheGuardOnlyAsCondition(string payload, bool guards, string expected)
    {
        var rules = Set(("r", Regex("[?&]a=\\d", PcreModes.None, Literal(".PHP", noCase: true))));

        Assert.Equal(expected, Inspect(rules, payload, new DetectionOptions { GuardsAsConditions = guards }));
    }

    [Fact]
    public void Inspect_OfATriggerThatOverlapsItself_LooksBeforeItsFirstPlace()
    {
        // Hits far before make the rest of the payload one window, which must begin before the run of 0x90.
        byte[] payload = [.. Run(10, 0x90), .. Run(46, (byte)'x'), 0xe8, .. Run(4, (byte)'y'), .. Run(12, 0x90)];

        Assert.Equal("r", Inspect(Set(("r", Regex("\\xe8.{4}\\x90{8}"))), Encoding.Latin1.GetString(payload)));

        static IEnumerable<byte> Run(int count, byte value) => Enumerable.Repeat(value, count);
    }

    [Theory]
    [InlineData("(?<=a)b", "ab", "r")]
    [InlineData("(?<=a)b", "cb", "")]
    [InlineData("(a+)-\\1$", "xaa-aa", "r")]
    [InlineData("(a+)-\\1$", "xaa-ab", "")]
    [InlineData("^a++b", "aaab", "r")]
    [InlineData("^a++ab", "aaab", "")]
    public void Inspect_OfPatternsNoAutomatonDecides_AsksTheRegex(string pattern, string payload, string expected) =>
        Assert.Equal(expected, Inspect(Set(("r", Regex(pattern))), payload));

    [Fact]
    public void Inspect_WithHashList_ReportsListLabelAndDigest()
    {
        var payload = Payload("bad payload");
        var digest = SHA256.HashData(payload);
        var list = new HashList("feed", (byte[])[.. new byte[32], .. digest], [null, "Bad thing"]);
        var rules = Set(("a", Literal("bad")), ("d", new DigestTerm([[.. digest]]))) with { HashLists = [list] };
        var options = new DetectionOptions();
        var program = RuleProgram.Build(rules, options);

        var verdict = new Detector(program, options).Inspect(payload);

        Assert.Equal([0, 1, 2], verdict.Rules.ToArray());
        Assert.Equal("ioc.feed", program.Reported[2].Id);
        Assert.Equal(Severity.High, program.Reported[2].Severity);
        Assert.Equal("Bad thing", verdict.HashLabelOf(2));
        Assert.Equal(digest, verdict.Sha256.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Inspect_OfAPayloadInSeveralHashLists_GivesEachItsOwnLabel(int cacheEntries)
    {
        var payload = Payload("bad payload");
        var digest = SHA256.HashData(payload);
        HashList List(string name, params string?[] labels) =>
            new(name, (byte[])[.. Enumerable.Repeat(digest, labels.Length).SelectMany(bytes => bytes)], labels);
        var rules = Set(("a", Literal("bad"))) with
        {
            HashLists = [List("one", "first"), List("two", "second", "again"), new HashList("three", digest, null)],
        };
        var options = new DetectionOptions { CacheEntries = cacheEntries };
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        for (var sight = 1; sight <= 3; sight++)
        {
            var verdict = detector.Inspect(payload);

            Assert.Equal(cacheEntries > 0 && sight == 3, verdict.FromCache);
            Assert.Equal([0, 1, 2, 3], verdict.Rules.ToArray());
            Assert.Null(verdict.HashLabelOf(0));
            Assert.Equal("first", verdict.HashLabelOf(1));
            Assert.Equal("second", verdict.HashLabelOf(2));
            Assert.Null(verdict.HashLabelOf(3));
        }
    }

    [Fact]
    public void Inspect_WithoutDigestsToCompare_ComputesNone()
    {
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(Set(("a", Literal("bad"))), options), options);

        Assert.True(detector.Inspect("bad"u8).Sha256.IsEmpty);
        Assert.Equal(0, detector.Counters.Digests);
    }

    [Fact]
    public void Inspect_OfAPayloadSeenTwice_AnswersFromTheCacheUntilTheRulesChange()
    {
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(Set(("a", Literal("bad"))), options), options);
        detector.Inspect("so bad"u8);
        detector.Inspect("so bad"u8);

        var cached = detector.Inspect("so bad"u8);
        Assert.True(cached.FromCache);
        Assert.Equal([0], cached.Rules.ToArray());

        detector.Use(RuleProgram.Build(Set(("a", Literal("good"))), options));
        var fresh = detector.Inspect("so bad"u8);
        Assert.False(fresh.FromCache);
        Assert.True(fresh.IsClean);
    }

    [Fact]
    public void Inspect_OfARegexThatDoesNotEnd_CountsATimeoutAndReportsNothing()
    {
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromMilliseconds(5) };
        // The automaton takes a look-ahead for true, so only the regex can tell, and it backtracks.
        var slow = Regex("^(?=(a|aa)+$)");
        var rules = Set(("slow", slow), ("unless", new AllNode([Literal("aa"), new NotNode(slow)])));
        var detector = new Detector(RuleProgram.Build(rules, options), options);

        Assert.True(detector.Inspect(Payload(new string('a', 60) + "!")).IsClean);
        Assert.Equal(2, detector.Counters.Timeouts);
    }

    [Fact]
    public void Inspect_OfARegexThatTimesOutAgainAndAgain_QuarantinesIt()
    {
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromMilliseconds(1), CacheEntries = 0 };
        var program = RuleProgram.Build(Set(("ok", Literal("aa")), ("slow", Regex("^(?=(a|aa)+$)"))), options);
        var detector = new Detector(program, options);
        var payload = Payload(new string('a', 60) + "!");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([0], detector.Inspect(payload).Rules.ToArray());
        }

        Assert.Equal([1], program.QuarantinedRules());
        Assert.Equal(8, detector.Counters.Timeouts);
        Assert.Equal(12, detector.Counters.QuarantineSkips);
    }

    [Fact]
    public void TryLocate_OfALinearPatternThatTheRegexIsSlowOn_GivesUpLookingForPlaces()
    {
        // The automaton decides it; only the place is looked for with the backtracking regex.
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromMilliseconds(1), CacheEntries = 0 };
        var detector = new Detector(RuleProgram.Build(Set(("slow", Regex("(?:a|aa)+z|!y"))), options), options);
        var payload = Payload(new string('a', 200) + "!y");
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal([0], detector.Inspect(payload).Rules.ToArray());
            Assert.False(detector.TryLocate(0, payload, out _));
        }

        Assert.Equal(0, detector.Counters.Timeouts);
        Assert.Equal(8, detector.Counters.PlaceTimeouts);
        Assert.Equal([0], detector.Inspect(Payload("!y")).Rules.ToArray());
    }

    [Fact]
    public void Use_OfPreparedRules_TakesOverCountersAndAllocatesNothing()
    {
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(Set(("a", Literal("bad"))), options), options);
        detector.Inspect("bad"u8);
        var next = RuleProgram.Build(Set(("b", Literal("worse")), ("c", Regex("[a-z]\\d{3}"))), options);
        var prepared = new PreparedRules(next, options);
        prepared.WarmUp("x123"u8);

        var before = GC.GetAllocatedBytesForCurrentThread();
        detector.Use(prepared);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Assert.Equal([1], detector.Inspect("x123"u8).Rules.ToArray());
        Assert.Equal(2, detector.Counters.Payloads);
        Assert.Same(next, detector.Counters.Matches.Program);
        Assert.Equal([0, 1], detector.Counters.Matches.Cells.ToArray());
    }

    [Theory]
    [InlineData("\\n+\\B", "\n\nb", "r")]
    [InlineData("a\\B", "ab", "r")]
    [InlineData("a\\B", "a b", "")]
    [InlineData("\\B-", "a-", "")]
    [InlineData("\\B-", " -", "r")]
    public void Inspect_OfPlacesInsideWords_FollowsPcreAndNotDotNet(string pattern, string payload, string expected) =>
        Assert.Equal(expected, Inspect(Set(("r", Regex(pattern))), payload));

    [Theory]
    [InlineData("^$", PcreModes.None, "\n", "r")]
    [InlineData("a$", PcreModes.None, "a\n", "r")]
    [InlineData("a$", PcreModes.None, "a\n\n", "")]
    [InlineData("a$", PcreModes.MultiLine, "a\nb", "r")]
    [InlineData("^$", PcreModes.MultiLine, "a\n", "")]
    [InlineData("^b", PcreModes.MultiLine, "a\nxb\nb", "r")]
    [InlineData("a$\n", PcreModes.None, "a\n", "r")]
    public void Inspect_OfLineAnchors_FollowsPcre(string pattern, PcreModes modes, string payload, string expected) =>
        Assert.Equal(expected, Inspect(Set(("r", Regex(pattern, modes))), payload));

    [Theory]
    [InlineData("two or one", "one", 7, 3)]
    [InlineData("x abab", "(?:ab)+?", 2, 2)]
    [InlineData("x\u00e9y", "\\xe9", 1, 1)]
    public void TryLocate_OfARegex_GivesTheLeftmostMatchInBytes(string payload, string pattern, int offset, int length)
    {
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(Set(("r", Regex(pattern))), options), options);

        Assert.True(detector.TryLocate(0, Payload(payload), out var location));
        Assert.Equal(new MatchLocation(offset, length), location);
    }

    [Fact]
    public void TryLocate_OfATree_GivesTheFirstTruePositiveTermInFileOrder()
    {
        var rules = Set(("r", new AllNode(
            [new NotNode(Literal("never")), new AnyNode([Literal("absent"), Regex("s+"), Literal("a")])])));
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(rules, options), options);

        Assert.True(detector.TryLocate(0, "a glass"u8, out var location));
        Assert.Equal(new MatchLocation(5, 2), location);
    }

    private static string Inspect(RuleSet rules, string payload, DetectionOptions? options = null)
    {
        options ??= new DetectionOptions();
        var program = RuleProgram.Build(rules, options);
        var ids = new List<string>();
        foreach (var rule in new Detector(program, options).Inspect(Payload(payload)).Rules)
        {
            ids.Add(program.Reported[rule].Id);
        }

        return string.Join(' ', ids);
    }
}
