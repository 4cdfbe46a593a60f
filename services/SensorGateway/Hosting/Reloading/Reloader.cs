using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting.Logging;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Does one reload: all or nothing. Owner: the reload thread.</summary>
internal sealed class Reloader(
    Gateway gateway, ConfigSource source, ConfigLoadResult loaded, LogLevelSwitch logLevel, RuleWatch watch,
    RuleWarnings warnings)
{
    private const int ProblemsMax = 50;
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(5);

    private readonly ConfigLoadResult _started = loaded;
    private ConfigLoadResult _live = loaded;

    /// <summary>Builds the next generation off the path and swaps it in, or says why not.</summary>
    public ReloadOutcome Run(string trigger)
    {
        var from = Stopwatch.GetTimestamp();
        using var pacing = new CollectorPacing();
        var outcome = TryReload(trigger, from);
        return outcome with { LongestPauseMs = Math.Round(pacing.LongestPause.TotalMilliseconds, 2) };
    }

    private ReloadOutcome TryReload(string trigger, long from)
    {
        try
        {
            return Settles() ? Reload(trigger, from) : Refuse(
                trigger, from, ["the workers have not taken over the generation before yet; try again later."]);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A mistake of ours must not cost the rules that work.
            return Refuse(trigger, from, [$"unexpected: {fault.GetType().Name}: {fault.Message}"]);
        }
    }

    private ReloadOutcome Reload(string trigger, long from)
    {
        using var sampling = gateway.BeginSampling();
        var now = source.Load();
        if (now.Config is not { } config)
        {
            return Refuse(trigger, from, now.Problems.Select(static problem => problem.ToString()));
        }

        var generation = GenerationLoader.Load(config.Rules, config.BaseDirectory, OptionsOf(config));
        if (generation.Program is not { } program)
        {
            // What was asked for is watched although it is not at work, so that mending it is seen.
            watch.Watch(config.Rules, config.BaseDirectory, generation.Files);
            return Refuse(trigger, from, generation.Problems.Select(static problem => problem.ToString()));
        }

        gateway.Use(gateway.Prepare(program, sampling.Payloads()));
        var applied = ConfigChanges.Between(_live, now).Where(ConfigChanges.Live.Contains).ToList();
        _live = now;
        logLevel.Level = config.Log.Level;
        warnings.Say(generation.Warnings);
        watch.Watch(config.Rules, config.BaseDirectory, generation.Files);
        Settles();
        var changed = ConfigChanges.Between(_started, now);
        return Outcome(true, trigger, from, applied, [.. changed.Where(key => !ConfigChanges.Live.Contains(key))], []);
    }

    // Only these options may change while the gateway runs; the others are built into its memory.
    private DetectionOptions OptionsOf(GatewayConfig config) =>
        gateway.Program.Options with { MatchTimeout = config.Detection.MatchTimeout };

    private ReloadOutcome Refuse(string trigger, long from, IEnumerable<string> problems) =>
        Outcome(false, trigger, from, [], [], [.. problems]);

    private ReloadOutcome Outcome(
        bool ok, string trigger, long from, List<string> applied, List<string> needsRestart, List<string> problems)
    {
        if (problems.Count > ProblemsMax)
        {
            var more = problems.Count - ProblemsMax;
            problems = [.. problems.Take(ProblemsMax), $"{more} more problems are not listed; repair the listed ones first."];
        }

        var rules = gateway.Program.Rules;
        return new ReloadOutcome(
            ok,
            trigger,
            gateway.Program.Generation,
            rules.Rules.Length,
            rules.HashLists.Sum(static list => (long)list.Count),
            Math.Round(Stopwatch.GetElapsedTime(from).TotalMilliseconds, 1),
            0,
            applied,
            needsRestart,
            problems);
    }

    /// <summary>Waits until the generation before is free, so that never more than two are alive besides a new one.</summary>
    private bool Settles()
    {
        var from = Stopwatch.GetTimestamp();
        while (!gateway.HasSettled())
        {
            if (Stopwatch.GetElapsedTime(from) > SettleMax)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }
}
