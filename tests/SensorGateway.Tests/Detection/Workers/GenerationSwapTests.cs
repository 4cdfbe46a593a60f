using System.Runtime;
using System.Text;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Detection.Workers;

/// <summary>A worker goes on working while another thread makes 1,500 rules ready for it.</summary>
public sealed class GenerationSwapTests
{
    private const int Rules = 1_500;

    [Fact]
    public void Swap_ToManyRulesUnderLoad_NeitherAllocatesNorCompilesOnTheWorkersThread()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, detection: Patient);
        var payloads = Payloads();
        Work(bench, payloads, rounds: 100);
        var sample = new PayloadSample();
        bench.Worker.Tap.Use(sample);
        Work(bench, payloads, rounds: 1);
        bench.Worker.Tap.Use(null);

        // What only the thread that works can be the first to do: the runtime's own stubs for these calls.
        _ = (GC.GetAllocatedBytesForCurrentThread(), JitInfo.GetCompiledMethodCount(currentThread: true));
        WorkerRules? next = null;
        var builder = new Thread(() =>
        {
            var rules = DetectionWorker.Prepare(RuleProgram.Build(Many(), Patient));
            rules.Rules.WarmUpFully(sample.Payloads());
            Volatile.Write(ref next, rules);
        });
        builder.Start();
        var compiledBefore = JitInfo.GetCompiledMethodCount(currentThread: true);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var duringBuild = 0;
        while (Volatile.Read(ref next) is null)
        {
            Work(bench, payloads, rounds: 1);
            duringBuild++;
        }

        bench.Worker.Use(next!);
        Work(bench, payloads, rounds: 50);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        var compiled = JitInfo.GetCompiledMethodCount(currentThread: true) - compiledBefore;

        builder.Join();
        Assert.True(duringBuild > 0);
        Assert.Same(next!.Program, bench.Worker.DetectorCounters.Matches.Program);
        Assert.Equal(50 * payloads.Count(static one => one.AsSpan().IndexOf("marker-7"u8) >= 0), MatchesOf(bench, "many.00007"));
        Assert.Equal((0L, 0), (allocated, compiled));
    }

    [Fact]
    public void Swap_WithoutWarming_IsCaughtByTheSameMeasure()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, detection: Patient);
        Work(bench, Payloads(), rounds: 100);
        var cold = DetectionWorker.Prepare(RuleProgram.Build(Many(), Patient));
        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Worker.Use(cold);
        Work(bench, Payloads(), rounds: 1);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before > 10_000);
    }

    [Fact]
    public void Swap_LetsGoOfTheGenerationBefore()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, detection: Patient);
        var old = Next(bench);
        Next(bench);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(old.TryGetTarget(out _));
    }

    [Fact]
    public void Tap_WhileOpen_GetsPayloadsOfManyTurnsAndStaysWithinItsRoom()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, detection: Patient);
        var sample = new PayloadSample();
        bench.Worker.Tap.Use(sample);
        for (var turn = 0; turn < 300; turn++)
        {
            for (var i = 0; i < 20; i++)
            {
                bench.Offer($"clean {turn} {i}");
            }

            bench.Offer($"probe {turn}");
            bench.Worker.DoWork();
            bench.TakeAlerts();
        }

        var taken = sample.Payloads().ConvertAll(Encoding.UTF8.GetString);
        bench.Worker.Tap.Use(null);
        bench.Offer("too late");
        bench.Worker.DoWork();

        Assert.Equal(512, taken.Count);
        Assert.Equal(8, taken.Count(static text => text.StartsWith("clean 5 ", StringComparison.Ordinal)));
        Assert.Contains("probe 5", taken);
        Assert.DoesNotContain("too late", sample.Payloads().ConvertAll(Encoding.UTF8.GetString));
    }

    // A busy machine may take the CPU away for longer than the usual timeout, and the exception would be counted here.
    private static DetectionOptions Patient { get; } = new() { MatchTimeout = TimeSpan.FromMinutes(1) };

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference<RuleProgram> Next(WorkerBench bench)
    {
        var program = RuleProgram.Build(SmallRules.Of(SmallRules.Literal("one", "probe", Severity.Low)), Patient);
        bench.Worker.Use(program);
        bench.Offer("probe");
        bench.Worker.DoWork();
        bench.TakeAlerts();
        return new WeakReference<RuleProgram>(program);
    }

    private static long MatchesOf(WorkerBench bench, string rule)
    {
        var matches = bench.Worker.DetectorCounters.Matches;
        for (var i = 0; i < matches.Cells.Length; i++)
        {
            if (matches.Program.Reported[i].Id == rule)
            {
                return matches.Cells[i];
            }
        }

        return -1;
    }

    private static void Work(WorkerBench bench, byte[][] payloads, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var payload in payloads)
            {
                bench.Offer(payload);
                bench.Worker.DoWork();
                while (bench.Alerts.Reader.TryRead(out _))
                {
                }

                bench.Alerts.Reader.Release();
            }
        }
    }

    private static byte[][] Payloads() =>
    [
        .. Enumerable.Range(0, 40).Select(static i => Encoding.UTF8.GetBytes(
            (i % 8) switch
            {
                0 => $"GET /index.html?q={i}&x=marker-7 HTTP/1.1",
                1 => $"{{\"device\":\"pump-{i}\",\"value\":21.5,\"note\":\"twice twice-11\"}}",
                2 => $"<script>alert({i})</script> probe",
                3 => $"key-3{i}=aaaa; union  select",
                _ => $"<34>1 2026-01-01T00:00:00Z host sshd 411 - - Accepted publickey {i} user-{i} ahead-{i}",
            })),
    ];

    /// <summary>Literals, patterns with and without a literal, and some that need .NET's regexes.</summary>
    private static RuleSet Many() => SmallRules.Of([.. Enumerable.Range(0, Rules).Select(static i =>
    {
        var id = $"many.{i:D5}";
        return (i % 10) switch
        {
            < 4 => SmallRules.Regex(id, $"key-{i}=[a-z]+;", Severity.Low),
            5 => SmallRules.Regex(id, $@"(\w+) \1-{i}", Severity.Low),
            6 => SmallRules.Regex(id, $"user-(?=[0-9])[0-9]{{1,3}} ahead-{i}\\b", Severity.Low),
            7 when i < 100 => SmallRules.Literal(id, $"marker-{i}", Severity.High),
            8 when i < 100 => SmallRules.Regex(id, $"[0-9]{{{2 + i % 5}}}[.][0-9]{{{1 + i % 3}}}x", Severity.Low),
            _ => SmallRules.Literal(id, $"literal-{i}", Severity.Low),
        };
    })]);
}
