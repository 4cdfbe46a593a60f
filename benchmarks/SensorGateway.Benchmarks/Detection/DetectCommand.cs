using System.Diagnostics;
using SensorGateway.Pipeline.Detection;
using SensorGateway.TestKit.Detection;

namespace SensorGateway.Benchmarks.Detection;

internal static class DetectCommand
{
    private static string Pcre(SensorGateway.Rules.Model.RuleSet rules, RuleProgram program, int term)
    {
        var r = program.RulesOfTerm[term][0];
        var rule = rules.Rules[r < 0 ? ~r : r];
        return rule.Id + " " + ((rule.Match as SensorGateway.Rules.Model.RegexTerm)?.Pattern.Pcre ?? "tree");
    }

    public static int Run(string[] args)
    {
        var sets = (args.Length > 0 ? args[0] : "mixed-10,mixed-100,mixed-1000").Split(',');
        var files = (args.Length > 1 ? args[1] : "benign,attack,seeded").Split(',');
        var options = new DetectionOptions { CacheEntries = 0, GuardsAsConditions = Environment.GetEnvironmentVariable("NOGUARD") is null };
        foreach (var set in sets)
        {
            var rules = Corpora.Rules(set);
            if (Environment.GetEnvironmentVariable("ONLY") is { } only) { rules = rules with { Rules = [.. rules.Rules.Where(r => only.Split(',').Contains(r.Id))] }; }
            var clock = Stopwatch.StartNew();
            var program = RuleProgram.Build(rules, options);
            var build = clock.Elapsed.TotalMilliseconds;
            var detector = new Detector(program, options);
            if (args.Contains("single"))
            {
                foreach (var group in program.Groups)
                {
                    foreach (var k in group.Plans)
                    {
                        var plan = program.Plans[k];
                        var d = new SensorGateway.Pipeline.Detection.Automata.LazyDfa(plan.Automaton, 4 << 20);
                        var acc = 0; var tot = 0;
                        foreach (var f in files) { foreach (var p in Corpora.Payloads(f)) { tot++; if (d.Run(p, 0) != 0) { acc++; } } }
                        var rule = rules.Rules.FirstOrDefault(r => r.Match is SensorGateway.Rules.Model.RegexTerm t && plan.Regex is null ? false : false);
                        Console.WriteLine($"{d.StateCount,6} states {d.Flushes} flushes exact {plan.Regex is null} anchored {plan.IsStartAnchored} accepts {acc}/{tot} nodes {plan.Automaton.Nfa.Nodes.Length}  {Pcre(rules, program, plan.Term)}");
                    }
                }
            }

            if (args.Contains("slow"))
            {
                foreach (var plan in program.Plans.Where(p => p.Regex is not null))
                {
                    var slow = Corpora.Payloads("seeded");
                    foreach (var i in new[] { 2, 247, 368, 568, 878, 1023, 1396, 1214 })
                    {
                        var chars = new char[slow[i].Length];
                        SensorGateway.Rules.Model.ByteText.Widen(slow[i], chars);
                        var d = new SensorGateway.Pipeline.Detection.Automata.LazyDfa(plan.Automaton, 1 << 20);
                        if (d.Run(slow[i], 0) == 0) { continue; }
                        try { plan.Regex!.IsMatch(chars); } catch (System.Text.RegularExpressions.RegexMatchTimeoutException) { Console.WriteLine($"TIMEOUT {i} {plan.Regex!.Pattern.Pcre}"); }
                    }
                }
            }

            foreach (var file in files)
            {
                var payloads = Corpora.Payloads(file);
                var truth = Corpora.Truth(set, file, guards: options.GuardsAsConditions);
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
                Console.WriteLine($"{set,-13} {file,-7} {median,9:F0} ns {mean * 1000 / median,7:F0} MB/s  min {passes[0],8:F0} first {first,8:F0}  cand {(c.LiteralCandidates - cand) / m:F2} auto {(c.AutomatonRuns - auto) / m:F2} regex {(c.RegexRuns - rx) / m:F3} timeouts {c.Timeouts - to} flush {firstFlush}/{(c.AutomatonFlushes - fl)} splits {c.GroupSplits} diffs {differences} alloc {allocated / m:F1} build {build:F0} ms rss {Environment.WorkingSet >> 20}");
            }
        }

        return 0;
    }
}
