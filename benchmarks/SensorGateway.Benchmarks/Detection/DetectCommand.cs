using System.Diagnostics;
using SensorGateway.Pipeline.Detection;
using SensorGateway.TestKit.Detection;

namespace SensorGateway.Benchmarks.Detection;

internal static class DetectCommand
{
    public static int Run(string[] args)
    {
        var sets = (args.Length > 0 ? args[0] : "mixed-10,mixed-100,mixed-1000").Split(',');
        var files = (args.Length > 1 ? args[1] : "benign,attack,seeded").Split(',');
        var options = new DetectionOptions { CacheEntries = 0 };
        foreach (var set in sets)
        {
            var rules = Corpora.Rules(set);
            if (Environment.GetEnvironmentVariable("ONLY") is { } only) { rules = rules with { Rules = [.. rules.Rules.Where(r => only.Split(',').Contains(r.Id))] }; }
            var clock = Stopwatch.StartNew();
            var program = RuleProgram.Build(rules, options);
            var build = clock.Elapsed.TotalMilliseconds;
            var detector = new Detector(program, options);
            foreach (var file in files)
            {
                var payloads = Corpora.Payloads(file);
                var truth = Corpora.Truth(set, file, guards: true);
                var differences = 0;
                var before = Stopwatch.GetTimestamp();
                var firstFlush = detector.Counters.AutomatonFlushes;
                if (Environment.GetEnvironmentVariable("AT") is { } place)
                {
                    var p = payloads[int.Parse(place)];
                    var v = detector.Inspect(p).Rules.Length;
                    Console.WriteLine($"{v} cand {detector.Counters.LiteralCandidates} auto {detector.Counters.AutomatonRuns}");
                    var plan = program.Plans[0];
                    Console.WriteLine($"triggers {plan.Triggers.Length} guards {plan.Guards.Length} before {plan.BytesBeforeTrigger} {System.Text.Encoding.Latin1.GetString(program.Literals.BytesOf(plan.Triggers[0]))}");
                    for (var q = 0; q <= p.Length; q++) { var d = new SensorGateway.Pipeline.Detection.Automata.LazyDfa(plan.Automaton, 1 << 20); if (d.Run(p.AsSpan(0, q), 0) != 0) { Console.WriteLine($"accept at {q}"); break; } }
                }

                for (var i = 0; i < payloads.Count; i++)
                {
                    var verdict = detector.Inspect(payloads[i]);
                    var ids = new List<string>();
                    foreach (var rule in verdict.Rules)
                    {
                        ids.Add(program.Reported[rule].Id);
                    }

                    ids.Sort(StringComparer.Ordinal);
                    var expected = truth.GetValueOrDefault(i) ?? [];
                    if (!ids.SequenceEqual(expected))
                    {
                        if (differences++ < 5)
                        {
                            Console.WriteLine($"DIFF {set} {file} {i}: missing [{string.Join(' ', expected.Except(ids))}] extra [{string.Join(' ', ids.Except(expected))}]");
                        }
                    }
                }

                var first = Stopwatch.GetElapsedTime(before).TotalNanoseconds / payloads.Count;
                var passes = new List<double>();
                var c = detector.Counters;
                var (cand, auto, rx, to, fl, n) = (c.LiteralCandidates, c.AutomatonRuns, c.RegexRuns, c.Timeouts, c.AutomatonFlushes, c.Payloads);
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var until = Stopwatch.GetTimestamp() + Stopwatch.Frequency * 2;
                while (passes.Count < 5 || Stopwatch.GetTimestamp() < until && passes.Count < 100)
                {
                    before = Stopwatch.GetTimestamp();
                    foreach (var payload in payloads)
                    {
                        detector.Inspect(payload);
                    }

                    passes.Add(Stopwatch.GetElapsedTime(before).TotalNanoseconds / payloads.Count);
                }

                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                passes.Sort();
                double m = c.Payloads - n;
                var median = passes[passes.Count / 2];
                var mean = payloads.Average(p => p.Length);
                Console.WriteLine($"{set,-13} {file,-7} {median,9:F0} ns {mean * 1000 / median,7:F0} MB/s  min {passes[0],8:F0} first {first,8:F0}  cand {(c.LiteralCandidates - cand) / m:F2} auto {(c.AutomatonRuns - auto) / m:F2} regex {(c.RegexRuns - rx) / m:F3} timeouts {c.Timeouts - to} flush {firstFlush}/{(c.AutomatonFlushes - fl)} diffs {differences} alloc {allocated / m:F1} build {build:F0} ms rss {Environment.WorkingSet >> 20}");
            }
        }

        return 0;
    }
}
