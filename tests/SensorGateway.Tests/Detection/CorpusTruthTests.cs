using System.Text.Json;
using SensorGateway.Pipeline.Detection;
using SensorGateway.TestKit.Detection;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Detection;

/// <summary>The engine gives exactly the matches that the corpora state.</summary>
public sealed class CorpusTruthTests(ITestOutputHelper output)
{
    private static readonly string[] Files = ["benign", "attack", "seeded"];

    [Theory]
    [InlineData("mixed-10", true)]
    [InlineData("guarded-100", true)]
    [InlineData("mixed-100", true)]
    [InlineData("mixed-100", false)]
    [InlineData("guarded-1000", true)]
    [InlineData("mixed-1000", true)]
    [InlineData("mixed-1000", false)]
    [InlineData("mixed-5000", true)]
    [InlineData("all", true)]
    [InlineData("all", false)]
    public void Inspect_OnCorpus_ReportsExactlyTheTruth(string set, bool guards)
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        // Plenty of time for regexes: a busy machine must not turn a slow match into none.
        var options = new DetectionOptions
        {
            CacheEntries = 0,
            GuardsAsConditions = guards,
            MatchTimeout = TimeSpan.FromSeconds(5),
        };
        var program = RuleProgram.Build(Corpora.Rules(set), options);
        var detector = new Detector(program, options);
        foreach (var file in Files)
        {
            var truth = Corpora.Truth(set, file, guards);
            var payloads = Corpora.Payloads(file);
            for (var i = 0; i < payloads.Count; i++)
            {
                var found = Ids(program, detector.Inspect(payloads[i]).Rules);
                Assert.True(
                    found.SequenceEqual(truth.GetValueOrDefault(i) ?? []),
                    $"{set} {file} {i}: found [{string.Join(' ', found)}], true [{string.Join(' ', truth.GetValueOrDefault(i) ?? [])}]");
            }
        }

        Assert.Equal(0, detector.Counters.Timeouts);
    }

    [Fact]
    public void Inspect_OnPairsThatBacktrackWithoutEnd_AnswersWithoutRegexTimeouts()
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var options = new DetectionOptions { CacheEntries = 0, GuardsAsConditions = false };
        var program = RuleProgram.Build(Corpora.Rules("all"), options);
        var detector = new Detector(program, options);
        foreach (var line in File.ReadLines(Corpora.PathOf("truth/slow.ndjson")))
        {
            using var json = JsonDocument.Parse(line);
            var payload = Corpora.Payloads(json.RootElement.GetProperty("file").GetString()!)[json.RootElement.GetProperty("i").GetInt32()];
            var found = Ids(program, detector.Inspect(payload).Rules);
            Assert.DoesNotContain(json.RootElement.GetProperty("id").GetString()!, found);
        }

        Assert.Equal(0, detector.Counters.Timeouts);
    }

    [Fact]
    public void Inspect_OfMutatedPayloads_AgreesWithThePlainLoop()
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var options = new DetectionOptions { CacheEntries = 0 };
        var rules = Corpora.Rules("mixed-100");
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        var loop = new PlainLoop(rules);
        var random = new Random(11);
        var payloads = Corpora.Payloads("seeded");
        for (var round = 0; round < 600; round++)
        {
            var payload = MutatedPayload.Of(payloads[random.Next(payloads.Count)], random);
            if (loop.Matches(payload) is { } expected)
            {
                Assert.Equal(expected, detector.Inspect(payload).Rules.ToArray());
            }
        }
    }

    private static string[] Ids(RuleProgram program, ReadOnlySpan<int> rules)
    {
        var ids = new string[rules.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = program.Reported[rules[i]].Id;
        }

        Array.Sort(ids, StringComparer.Ordinal);
        return ids;
    }
}
