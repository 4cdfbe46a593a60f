using SensorGateway.PerfGate.Baselines;
using SensorGateway.PerfGate.Duet;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.PerfGate.Reports;

namespace SensorGateway.PerfGate.Cli;

/// <summary><c>compare</c>: the gate itself.</summary>
internal static class CompareCommand
{
    public static int Run(GateOptions options)
    {
        if (options.New is not { } newBuild || options.Old.Count == 0)
        {
            throw new UsageException("compare needs --new DIR and at least one --old DIR; see --help");
        }

        if (options.Record is not null && !BaselineRules.IsSha(options.GitSha))
        {
            throw new UsageException("--record needs --git-sha with the commit of the new build, 40 hexadecimal digits");
        }

        var plan = options.Plan with { Cpu = options.Plan.Cpu ?? Cpus.Last() };
        GateResult result;
        CalibrationMessage? calibration = null;
        var progress = new Progress();
        try
        {
            var scenarios = Wanted(options, WorkerProcess.List(newBuild));
            var olds = options.Old.Select(old => (old, WorkerProcess.List(old))).ToList();
            calibration = options.Record is null ? null : Calibrate(newBuild, plan);
            var duet = new DuetRun(plan, Launch.Run) { OnLaunch = progress.Launch };
            result = new GateRun(duet, options.ProofPercent) { OnResult = progress.Done }.Run(
                newBuild with { InjectPercent = options.InjectNewPercent },
                olds,
                scenarios,
                !options.Proves ? 0 : options.Quick ? 1 : int.MaxValue);
        }
        catch (WorkerException fault)
        {
            Console.Error.WriteLine(fault.Message);
            Console.WriteLine("inconclusive: a build cannot say what it can run");
            return (int)Verdict.Inconclusive;
        }

        Console.WriteLine(TextReport.Write(result));
        WriteIf(options.Html, HtmlReport.Write(result, plan));
        WriteIf(options.Markdown, MarkdownReport.Write(result));
        if (options.Record is { } folder && result.Duets.Count > 0)
        {
            var file = Recorder.Write(folder, result, calibration!, options.GitSha, options.Note, DateTime.UtcNow);
            Console.WriteLine($"recorded in {file}");
        }

        return (int)result.Verdict;
    }

    private static List<ScenarioInfo> Wanted(GateOptions options, IReadOnlyList<ScenarioInfo> has)
    {
        foreach (var wanted in options.Scenarios)
        {
            if (!has.Any(each => (options with { Scenarios = [wanted] }).Wants(each.Name, each.Quick)))
            {
                throw new UsageException(
                    $"--scenario {wanted}: the new build has no such scenario; it has {string.Join(", ", has.Select(each => each.Name))}");
            }
        }

        return [.. has.Where(each => options.Wants(each.Name, each.Quick))];
    }

    private static CalibrationMessage Calibrate(Build build, DuetPlan plan)
    {
        using var worker = WorkerProcess.Start(build, "harness.steady", plan.Cpu, TimeSpan.FromMilliseconds(300));
        worker.WaitUntilReady();
        return worker.Calibrate();
    }

    /// <summary>A report that cannot be written is said, and changes no verdict.</summary>
    private static void WriteIf(string? file, string text)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(file, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{file} cannot be written: {failure.Message}");
        }
    }
}
