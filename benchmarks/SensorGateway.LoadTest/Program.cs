using System.Runtime.InteropServices;
using SensorGateway.LoadTest;
using SensorGateway.LoadTest.Contestants;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Meters;
using SensorGateway.LoadTest.Profiles;
using SensorGateway.LoadTest.Results;
using SensorGateway.LoadTest.Rival;
using SensorGateway.LoadTest.Sending;

// The default action of a signal ends the process at once, and the programs that it has started would live on.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, static _ => Environment.Exit(130));
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static _ => Environment.Exit(129));
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(143));
try
{
    if (args.Contains("--help") || args.Contains("-h"))
    {
        Console.WriteLine(Options.Usage);
        return 0;
    }

    return args is ["rival", ..] ? RivalProgram.Run(args.AsSpan(1)) : Measure(Options.Parse(args));
}
catch (UsageException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}
catch (StartException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 4;
}
catch (Exception fault)
{
    Console.Error.WriteLine(fault); // Caught, so that everything above it is disposed of.
    return 70;
}

static int Measure(Options options)
{
    using var folder = new TemporaryFolder();
    var (rules, payloads) = Prepare(options, folder.Path);
    using var awake = options.KeepsAwake ? new AwakeCpus() : null;
    using var server = options.Nats is null ? new NatsServer() : null;
    if (options.MeterPairs is { } pairs)
    {
        return new MeterCost(options, payloads, options.Nats ?? server!.Address, rules).Run(
            options.Rates[0] ?? throw new UsageException("--meter-cost needs a --rate in numbers"), pairs);
    }

    var runner = new LoadRun(options, payloads, options.Nats ?? server!.Address, server?.ProcessId);
    if (options.WithProfiles)
    {
        return new ProfileComparison(options, runner, options.Nats ?? server!.Address, rules).Run(Describe(options));
    }

    var runs = new List<RunResult>();
    foreach (var rate in options.Rates)
    {
        runs.AddRange(Rounds.Take(options.RoundCount, options.StealMax, round => Round(rate, round), options.Progress));
    }

    // The rival keeps no promises; only the gateway can fail a load test, unless the rival runs alone.
    var ok = runs.All(run => run.Sound || (run.Program == "rival" && options.WithGateway));
    var result = new LoadTestResult(
        Describe(options), runs, Statistics.Medians(runs), Statistics.Ratios(runs, "gateway", "rival"), ok);
    Console.WriteLine(options.Json ? ResultJson.Write(result) : Report.Summarise(result));
    return ok ? 0 : 1;

    IEnumerable<RunResult> Round(int? rate, int round)
    {
        if (options.WithGateway)
        {
            yield return Run(nats => new GatewayContestant(options, nats, rules), rate, round);
        }

        if (options.WithRival)
        {
            yield return Run(nats => new RivalContestant(nats, rules), rate, round);
        }
    }

    RunResult Run(Func<Uri, Contestant> start, int? rate, int round)
    {
        using var contestant = start(options.Nats ?? server!.Address);
        var run = runner.Run(contestant, rate, round);
        options.Progress.Write(Report.Describe(run));
        return run;
    }
}

static (string Rules, PayloadSet Payloads) Prepare(Options options, string folder)
{
    if (options.SyntheticRuleCount is not { } count)
    {
        return (Path.GetFullPath(options.Rules), PayloadSet.Mixed(seed: 1));
    }

    var rules = Path.Combine(folder, "synthetic.yaml");
    File.WriteAllText(rules, SyntheticRules.Yaml(count));
    return (rules, PayloadSet.Events(options.PayloadBytes));
}

static Conditions Describe(Options options) => new(
    RuntimeInformation.OSDescription,
    Environment.ProcessorCount,
    RuntimeInformation.FrameworkDescription,
    options.Seconds,
    options.WarmupSeconds,
    options.AlertRatio,
    options.SyntheticRuleCount is null ? options.Rules : $"{options.Rules} synthetic",
    options.SyntheticRuleCount is null ? null : options.PayloadBytes,
    options.Connections,
    options.Sensors,
    options.RoundCount,
    options.KeepsAwake,
    options.StealMax);
