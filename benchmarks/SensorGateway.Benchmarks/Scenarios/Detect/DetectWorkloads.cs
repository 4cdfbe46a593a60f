using System.Text;
using SensorGateway.LoadTest.Sending;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Detection;
using SensorGateway.Traffic;

namespace SensorGateway.Benchmarks.Scenarios.Detect;

/// <summary>Rule sets and payload mixes, with what must be found.</summary>
internal static class DetectWorkloads
{
    private const int Cycle = 2_048;

    /// <summary>A frozen pack of 74 rules, generated sensor traffic, no cache.</summary>
    public static Scenario Traffic(double maliciousRatio)
    {
        var (payloads, kinds) = Generate(Cycle, maliciousRatio);
        return new DetectScenario(FrozenRules(), payloads, 0, (payload, ids) => Finds(kinds[payload], ids));
    }

    /// <summary>
    /// The same with the verdict cache, nine payloads of ten seen just before. The others are more than the cache holds.
    /// </summary>
    public static Scenario CachedTraffic()
    {
        const int cycle = 16_384;
        const int repeated = 200;
        var (payloads, kinds) = Generate(cycle, 0.02);
        for (var i = 0; i < cycle; i++)
        {
            if (i % 10 != 0)
            {
                (payloads[i], kinds[i]) = (payloads[i % repeated], kinds[i % repeated]);
            }
        }

        return new DetectScenario(FrozenRules(), payloads, 1_000, (payload, ids) => Finds(kinds[payload], ids));
    }

    /// <summary>As many synthetic rules; every hundredth event holds what the last of them looks for.</summary>
    public static Scenario Synthetic(int rules)
    {
        const string file = "synthetic.yaml";
        var events = PayloadSet.Events(233);
        var frame = new byte[events.FrameBytesMax];
        var payloads = new byte[Cycle][];
        for (var i = 0; i < Cycle; i++)
        {
            var bytes = events.Write(frame, i, i % 100 == 0);
            payloads[i] = frame[PayloadSet.LengthBytes..bytes];
        }

        var folder = Directory.CreateTempSubdirectory("sg-scenario-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, file), SyntheticRules.Yaml(rules), Encoding.ASCII);
            return new DetectScenario(
                Load(file, folder.FullName), payloads, 0, (payload, ids) => ids.Count == (payload % 100 == 0 ? 1 : 0));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Rules and payloads of the corpora, which know the truth.</summary>
    public static Scenario Corpus(string set, string payloads)
    {
        var truth = Corpora.Truth(set, payloads, guards: true);
        return new DetectScenario(
            Corpora.Rules(set),
            [.. Corpora.Payloads(payloads)],
            0,
            (payload, ids) => ids.Order(StringComparer.Ordinal).SequenceEqual(truth.GetValueOrDefault(payload, [])));
    }

    /// <summary>The first rules that were bundled, frozen: the program's own packs grow, and that is no regression.</summary>
    public static RuleSet FrozenRules() => Load("pack-74", Path.Combine(AppContext.BaseDirectory, "Scenarios", "Rules"));

    /// <summary>Generated payloads with what each is; the same on every machine.</summary>
    public static (byte[][] Payloads, TrafficKind[] Kinds) Generate(int count, double maliciousRatio)
    {
        var generator = new TrafficGenerator(seed: 1, maliciousRatio);
        var buffer = new byte[TrafficGenerator.PayloadBytesMax];
        var payloads = new byte[count][];
        var kinds = new TrafficKind[count];
        for (var i = 0; i < count; i++)
        {
            payloads[i] = buffer[..generator.Next(buffer, out kinds[i])];
        }

        return (payloads, kinds);
    }

    private static bool Finds(TrafficKind kind, IReadOnlyCollection<string> ids) =>
        TrafficKinds.IsMalicious(kind) ? TrafficKinds.RuleIds(kind).All(ids.Contains) : ids.Count == 0;

    private static RuleSet Load(string path, string folder)
    {
        var loaded = RuleLoader.Load([path], [], folder);
        return loaded.Rules ?? throw new InvalidDataException(string.Join(Environment.NewLine, loaded.Problems.Take(5)));
    }
}
