using System.Text;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Detection;
using Xunit.Abstractions;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection.Transforms;

/// <summary>Rules that look at what transforms leave, through the whole engine.</summary>
public sealed class TransformedRuleTests(ITestOutputHelper output)
{
    private static readonly TransformChain Url = new(TransformStep.UrlDecode);
    private static readonly TransformChain UrlHtml = new(TransformStep.UrlDecode, TransformStep.HtmlDecode);
    private static readonly TransformChain PowerShell = new(TransformStep.Base64Decode, TransformStep.Utf16ToBytes, TransformStep.Lowercase);

    [Theory]
    [InlineData("<script>", "any html raw url")]
    [InlineData("%3Cscript%3E", "any html url")]
    [InlineData("%26lt;script>", "html")]
    [InlineData("%3Cscript%3E safe", "any html unless url")]
    [InlineData("%253Cscript", "twice")]
    public void Inspect_WithTransforms_LooksAtEachViewWithItsOwnRules(string payload, string expected)
    {
        var rules = Set(
            ("raw", Literal("<script")),
            ("url", Literal("<script") with { Chain = Url }),
            ("html", Regex("<s[c]ript") with { Chain = UrlHtml }),
            ("twice", new AllNode([Literal("<script") with { Chain = new(TransformStep.UrlDecode, TransformStep.UrlDecode) }, new NotNode(Literal("<script") with { Chain = Url }), Literal("%25")])),
            ("any", new AnyNode([Literal("nothing"), Regex("(?<=<)script") with { Chain = Url }])),
            ("unless", new AllNode([Literal("safe"), Literal("<script") with { Chain = Url }, new NotNode(Literal("<script"))])));

        Assert.Equal(expected, Ids(rules, payload));
    }

    [Theory]
    [InlineData("%3Cb id%3Dx", "r")]
    [InlineData("%3Cb iD%3Dx", "")]
    [InlineData("<b id=x", "r")]
    public void Inspect_OfAGuardBesideATransform_LooksForItInTheSameView(string payload, string expected) =>
        Assert.Equal(expected, Ids(Set(("r", Regex("<[b]\\s", default, Literal("id=")) with { Chain = Url })), payload));

    [Fact]
    public void Inspect_OfAPayloadSeenBefore_AnswersFromTheCache()
    {
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(Set(("a", Literal("<x") with { Chain = Url })), options), options);
        for (var sight = 0; sight < 3; sight++)
        {
            Assert.Equal([0], detector.Inspect("%3cx"u8).Rules.ToArray());
        }

        Assert.Equal(1, detector.Counters.CacheHits);
        Assert.True(detector.TryLocate(0, "%3cx"u8, out var location, out var bytes));
        Assert.Equal(("url-decode", "<x"), (location.Transform, Encoding.ASCII.GetString(bytes.Slice(location.Offset, location.Length))));
    }

    [Theory]
    [InlineData("raw", "a=%3Cscript <script", 12, 7, null)]
    [InlineData("url", "a=%3Cscript <script", 2, 7, "url-decode")]
    [InlineData("ps", "powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAKQA=", 16, 15, "base64-decode,utf16-to-bytes,lowercase")]
    public void TryLocate_WithTransforms_CountsInTransformedBytes(string id, string payload, int offset, int length, string? transform)
    {
        var rules = Set(
            ("raw", Literal("<script")),
            ("url", new AnyNode([Literal("nothing"), Regex("<[s]cript") with { Chain = Url }])),
            ("ps", Regex(@"iex \(new-object") with { Chain = PowerShell }));
        var options = new DetectionOptions();
        var program = RuleProgram.Build(rules, options);
        var detector = new Detector(program, options);
        var rule = program.Reported.ToArray().ToList().FindIndex(each => each.Id == id);

        Assert.Contains(rule, detector.Inspect(Payload(payload)).Rules.ToArray());
        Assert.True(detector.TryLocate(rule, Payload(payload), out var location));
        Assert.Equal(new MatchLocation(offset, length, transform), location);
    }

    [Fact]
    public void Inspect_InSteadyState_AllocatesNothing()
    {
        var rules = Set(
            ("a", Literal("<script") with { Chain = UrlHtml }),
            ("b", Regex("(?<=<)scr[i]pt") with { Chain = Url }),
            ("c", Regex(@"iex \(new") with { Chain = PowerShell }),
            ("d", Regex("[a-f]\\d[a-f]\\d") with { Chain = new(TransformStep.Lowercase) }));
        var options = new DetectionOptions { CacheEntries = 0, MatchTimeout = TimeSpan.FromMinutes(1) };
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        byte[][] payloads =
        [
            Payload("%26lt;script"), Payload("powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAKQA="), Payload("%3cscript A1B2 &"),
            new byte[65_000],
        ];
        Run(detector, payloads);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = Run(detector, payloads);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(50 * 5, found);
    }

    [Fact]
    public void Of_ChainsWithTheSameBeginning_SharesIt()
    {
        var tree = new ViewTree();

        Assert.Equal([0, 1, 2, 2, 3, 1], new[] { TransformChain.None, Url, UrlHtml, new(TransformStep.UrlDecode, TransformStep.HtmlDecode), new(TransformStep.HtmlDecode), Url }.Select(tree.NodeOf));
        Assert.Equal(4, tree.Count);
    }

    [Fact]
    public void Of_PayloadsLongerThanTheBuffers_Grows()
    {
        var tree = new ViewTree();
        var node = tree.NodeOf(UrlHtml);
        var views = new PayloadViews(tree);
        var payload = new byte[200_000];
        payload.AsSpan().Fill((byte)'+');

        Assert.Equal(payload.Length, views.Of(node, payload).Count((byte)' '));
        views.Reset();
        Assert.True("<"u8.SequenceEqual(views.Of(node, "%26lt;"u8)));
        views.Reset();
        Assert.True("xy"u8.SequenceEqual(views.Of(node, "xy"u8)));
    }

    [Theory]
    [InlineData(21, 1)]
    [InlineData(22, 25)]
    public void Inspect_OfRandomRulesWithTransforms_AgreesWithThePlainLoop(int seed, int rulesPerSet)
    {
        var random = new RandomPatterns(seed);
        var payloads = new TransformPayloads(seed);
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromSeconds(1), CacheEntries = 4 };
        var (matched, compared) = (0, 0);
        for (var round = 0; round < 600 / (rulesPerSet + 4); round++)
        {
            var rules = Set([.. Enumerable.Range(0, rulesPerSet).Select(i => ($"r{i:D3}", Tree(random)))]);
            var loop = new PlainLoop(rules);
            var detector = new Detector(RuleProgram.Build(rules, options), options);
            for (var i = 0; i < 60; i++)
            {
                var payload = payloads.Next(i * 2);
                if (loop.Matches(payload) is not { } expected)
                {
                    break;
                }

                compared++;
                matched += expected.Length;
                Assert.Equal(expected, detector.Inspect(payload).Rules.ToArray());
            }
        }

        Assert.True(compared > 200 && matched > 200, $"{compared} payloads, {matched} matches");
    }

    [Fact]
    public void Inspect_OfTheCorpusThroughTransforms_AgreesWithThePlainLoop()
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var chains = new[] { TransformChain.None, Url, UrlHtml, PowerShell, new(TransformStep.Lowercase) };
        var rules = new RuleSet(
            [.. Corpora.Rules("mixed-1000").Rules.Select((rule, i) => rule with { Match = With(rule.Match, chains[i % chains.Length]) })], []);
        var options = new DetectionOptions { CacheEntries = 0, MatchTimeout = TimeSpan.FromSeconds(1) };
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        var loop = new PlainLoop(rules);
        var matched = 0;
        foreach (var payload in Corpora.Payloads("seeded").Take(120))
        {
            var encoded = Encoding.Latin1.GetBytes(string.Concat(payload.Select((value, i) => i % 5 == 0 ? $"%{value:x2}" : ((char)value).ToString())));
            foreach (var each in new[] { payload, encoded })
            {
                if (loop.Matches(each) is { } expected)
                {
                    matched += expected.Length;
                    Assert.Equal(expected, detector.Inspect(each).Rules.ToArray());
                }
            }
        }

        Assert.True(matched > 60, $"only {matched} matches");
    }

    private static MatchNode Tree(RandomPatterns random) => random.Below(4) switch
    {
        0 => new LiteralTerm([.. random.Payload(1 + random.Below(3))], random.Below(2) == 0) { Chain = Chain(random) },
        1 => new AnyNode([random.Next(plain: false) with { Chain = Chain(random) }, random.Next(plain: true)]),
        2 => new AllNode([random.Next(plain: true) with { Chain = Chain(random) }, new NotNode(random.Next(plain: false) with { Chain = Chain(random) })]),
        _ => random.Next(plain: random.Below(2) == 0) with { Chain = Chain(random) },
    };

    private static TransformChain Chain(RandomPatterns random) =>
        new([.. Enumerable.Range(0, random.Below(4)).Select(_ => (TransformStep)random.Below(TransformChain.StepNames.Length))]);

    private static MatchNode With(MatchNode match, TransformChain chain) => match switch
    {
        LiteralTerm literal => literal with { Chain = chain },
        RegexTerm regex => regex with { Chain = chain },
        _ => match,
    };

    private static int Run(Detector detector, byte[][] payloads)
    {
        var found = 0;
        for (var round = 0; round < 50; round++)
        {
            foreach (var payload in payloads)
            {
                found += detector.Inspect(payload).Rules.Length;
            }
        }

        return found;
    }

    private static string Ids(RuleSet rules, string payload)
    {
        var options = new DetectionOptions();
        var program = RuleProgram.Build(rules, options);
        var ids = new List<string>();
        foreach (var rule in new Detector(program, options).Inspect(Payload(payload)).Rules)
        {
            ids.Add(program.Reported[rule].Id);
        }

        return string.Join(' ', ids);
    }
}
