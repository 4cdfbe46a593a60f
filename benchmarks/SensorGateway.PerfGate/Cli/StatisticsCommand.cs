using System.Globalization;
using SensorGateway.PerfGate.Duet;
using SensorGateway.PerfGate.Studies;

namespace SensorGateway.PerfGate.Cli;

/// <summary>
/// <c>statistics</c>: lets the gate judge one build against itself, as it is and slowed, many times, and counts how often
/// it is right. Each judged run is kept at once, so the study may be stopped and started again.
/// </summary>
internal static class StatisticsCommand
{
    public static int Run(GateOptions options)
    {
        if (options.New is not { } build || options.Scenarios is not [var scenario] || options.Log is not { } log)
        {
            throw new UsageException("statistics needs --new DIR, --log FILE and one --scenario NAME; see --help");
        }

        var plan = options.Plan with { Cpu = options.Plan.Cpu ?? Cpus.Last() };
        var study = new StudyLog(log, scenario, options.Neighbour);
        var todo = study.Missing(options.SelfRuns, options.InjectedRuns, options.Injected).ToList();
        Console.Error.WriteLine($"{study.Runs.Count} runs done, {todo.Count} to do");
        var duet = new DuetRun(plan, Launch.Run);
        using var neighbour = options.Neighbour ? new NoisyNeighbour() : null;
        try
        {
            foreach (var percent in todo)
            {
                var result = duet.Run(build, build with { InjectPercent = percent }, scenario);
                study.Add(StudyRun.Of(result, percent, options.Neighbour));
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"+{percent:0} %: p50 {result.P50Ratio:F3} p95 {result.P95Ratio:F3} {(result.IsRegression ? "alarm" : "pass")} ({result.Took.TotalSeconds:F0}s)"));
            }
        }
        catch (WorkerException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return (int)Verdict.Inconclusive;
        }

        Console.WriteLine(StudyTable.Write(study.Runs));
        return 0;
    }
}
