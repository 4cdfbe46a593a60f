using System.Text.RegularExpressions;
using SensorGateway.TestKit.Detection;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>
/// <c>detect [SETS] [FILES] [ENGINES]</c>: engines side by side on the corpora, in one process, passes taken in turn. FILES: benign,
/// attack, seeded, benign4k (in pieces of 4 KiB), crafted (4 KiB each, made against the rules; the slowest ones are shown
/// beside benign payloads, for the first engine).
/// Engines: gateway, scan (its literal stage alone), open (guards ignored), loop, nb (NonBacktracking), hs.
/// </summary>
internal static class DetectCommand
{
    private const int Passes = 7;
    private const int WorstShown = 5;

    public static int Run(string[] args)
    {
        if (Corpora.Root is null)
        {
            Console.Error.WriteLine("No corpora: set SENSORGATEWAY_CORPORA to their folder.");
            return 3;
        }

        var sets = Argument(args, 0, "mixed-10,mixed-100,mixed-1000,guarded-1000,mixed-5000");
        var files = Argument(args, 1, "benign,attack");
        var engines = Argument(args, 2, "gateway,open,loop,hs");
        Console.WriteLine(
            $"{"rules",-13} {"payloads",-8} {"engine",-32} {"ns/payload",11} {"MB/s",7} {"matches",8} {"load ms",8} "
            + $"{"B/payload",9}  ratio");
        foreach (var set in sets)
        {
            Compare(set, files, engines);
        }

        return 0;
    }

    private static void Compare(string set, string[] files, string[] names)
    {
        var rules = Corpora.Rules(set);
        var engines = new List<IMatchEngine>();
        foreach (var name in names)
        {
            IMatchEngine? engine = name switch
            {
                "gateway" => new GatewayEngine(rules, guards: true),
                "scan" => new ScanEngine(rules),
                "open" => new GatewayEngine(rules, guards: false),
                "loop" when rules.Rules.Length <= 1000 => new LoopEngine(rules, RegexOptions.Compiled, guards: true),
                "nb" when rules.Rules.Length <= 1000 => new LoopEngine(rules, RegexOptions.NonBacktracking, guards: true),
                "hs" => HyperscanEngine.TryCreate(rules, Corpora.Flags(set)),
                _ => null,
            };
            if (engine is not null)
            {
                engines.Add(engine);
            }
            else if (name == "hs")
            {
                Console.WriteLine("Hyperscan skipped: libhs.so.5 is not installed (Debian: apt-get install libhyperscan5).");
            }
        }

        foreach (var file in files)
        {
            var crafted = file == "crafted" ? CraftedPayloads.For(rules) : [];
            var payloads = file switch
            {
                "crafted" => [.. crafted.Select(each => each.Bytes)],
                "benign4k" => CraftedPayloads.InPieces(Corpora.Payloads("benign")),
                _ => Corpora.Payloads(file),
            };
            var runs = engines.Select(engine => new EngineRun(engine, payloads)).ToList();
            for (var pass = 0; pass < Passes; pass++)
            {
                runs.ForEach(run => run.Pass());
            }

            foreach (var run in runs)
            {
                Console.WriteLine($"{set,-13} {file,-8} {run}  {run.NsPerByte / runs[0].NsPerByte:F2}x");
            }

            if (crafted.Count > 0)
            {
                PrintWorst(set, engines[0], runs[0], crafted);
            }
        }

        if (engines.OfType<GatewayEngine>().FirstOrDefault() is { } gateway)
        {
            var counters = gateway.Counters;
            double all = counters.Payloads;
            Console.WriteLine(
                $"{set,-13} per payload: candidates {counters.LiteralCandidates / all:F2}, "
                + $"automata {counters.AutomatonRuns / all:F2}, regexes {counters.RegexRuns / all:F4}; "
                + $"in all: splits {counters.GroupSplits}, flushes {counters.AutomatonFlushes}, timeouts {counters.Timeouts}; process {Environment.WorkingSet >> 20} MB");
        }

        engines.ForEach(engine => engine.Dispose());
    }

    /// <summary>The dearest crafted payloads of an engine beside what benign ones cost it, whole and in pieces of 4 KiB.</summary>
    private static void PrintWorst(string set, IMatchEngine engine, EngineRun run, IReadOnlyList<CraftedPayload> crafted)
    {
        var benign = Corpora.Payloads("benign");
        var whole = new EngineRun(engine, benign).Each();
        var pieces = new EngineRun(engine, CraftedPayloads.InPieces(benign)).Each();
        var (mean, median, piece) = (whole.Average(), Median(whole), Median(pieces));
        Console.WriteLine(
            $"{set,-13} benign: mean {mean:F0} ns, median {median:F0} ns; in pieces of 4 KiB: median {piece:F0} ns, "
            + $"worst {pieces.Max():F0} ns");
        foreach (var (payload, ns) in crafted.Zip(run.Each()).OrderByDescending(each => each.Second).Take(WorstShown))
        {
            Console.WriteLine(
                $"{set,-13} {ns,8:F0} ns = {ns / mean,5:F1}x mean, {ns / median,5:F1}x median, {ns / piece,5:F2}x benign of "
                + $"4 KiB: {payload.Name}");
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static string[] Argument(string[] args, int place, string ifAbsent) =>
        (place < args.Length ? args[place] : ifAbsent).Split(',');
}
