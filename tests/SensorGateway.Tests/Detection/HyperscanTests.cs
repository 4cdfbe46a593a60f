using SensorGateway.Pipeline.Detection;
using SensorGateway.TestKit.Detection;
using SensorGateway.TestKit.Detection.Hyperscan;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Detection;

/// <summary>A third opinion beside .NET and PCRE2: Hyperscan or Vectorscan, where one is installed.</summary>
public sealed class HyperscanTests(ITestOutputHelper output)
{
    private const int Rounds = 20_000;

    [Theory]
    [InlineData("mixed-100")]
    [InlineData("mixed-1000")]
    public void Inspect_OfMutatedPayloads_AgreesWithHyperscan(string set)
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        if (!HyperscanDatabase.IsInstalled)
        {
            output.WriteLine("Skipped: no libhs.so.5 (Debian: libvectorscan5 or libhyperscan5).");
            return;
        }

        var options = new DetectionOptions
        {
            CacheEntries = 0,
            GuardsAsConditions = false,
            MatchTimeout = TimeSpan.FromSeconds(5),
        };
        var rules = Corpora.Rules(set);
        using var hyperscan = HyperscanDatabase.Compile(rules, Corpora.Flags(set));
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        var random = new Random(5);
        byte[][] payloads = [.. Corpora.Payloads("seeded"), .. Corpora.Payloads("attack")];
        var matches = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var payload = MutatedPayload.Of(payloads[random.Next(payloads.Length)], random);
            int[] theirs = [.. hyperscan.Find(payload)];
            Array.Sort(theirs);
            int[] ours = [.. detector.Inspect(payload).Rules.ToArray().Where(rule => !hyperscan.Refused.Contains(rule))];
            Assert.True(
                ours.SequenceEqual(theirs),
                $"round {round}: only we {Ids(ours.Except(theirs))}, only Hyperscan {Ids(theirs.Except(ours))}: {Convert.ToHexString(payload)}");
            matches += ours.Length;
        }

        output.WriteLine($"{set}: {Rounds} payloads, {matches} matches, the same for both; Hyperscan refuses {hyperscan.Refused.Count} rules");
        Assert.True(matches > Rounds / 100); // It is no comparison of empty lists.

        string Ids(IEnumerable<int> indexes) => $"[{string.Join(' ', indexes.Select(index => rules.Rules[index].Id))}]";
    }
}
