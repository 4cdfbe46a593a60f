using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Lanes.Generations;
using SensorGateway.Pipeline.Lanes.Warming;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>A running gateway: sources, detection workers and publishing, wired together. The only room that knows all.</summary>
public sealed class Gateway : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly ILogger _log;
    private readonly CpuPlacement _placement;
    private readonly SensorTable _sensors = new();
    private readonly PublishLane _publishing;
    private readonly DetectionLane[] _lanes;
    private readonly SourceLane[] _sources;
    private readonly RuleSwap _rules;
    private readonly TaskCompletionSource<GatewayFault> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private bool _isListening;

    /// <summary>Builds everything and allocates all memory; nothing listens or dials yet.</summary>
    /// <exception cref="InvalidOperationException">The options do not fit this machine.</exception>
    public Gateway(GatewayOptions options, RuleSet rules, ILoggerFactory logs)
        : this(options, RuleProgram.Build(rules, options.Detection), logs)
    {
    }

    /// <summary>The same with rules that are compiled already, with <see cref="GatewayOptions.Detection"/>.</summary>
    /// <exception cref="InvalidOperationException">The options do not fit this machine.</exception>
    public Gateway(GatewayOptions options, RuleProgram program, ILoggerFactory logs)
    {
        if (options.Threads.Problem() is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        _options = options;
        _log = logs.CreateLogger("SensorGateway.Lanes");
        _placement = new CpuPlacement(options.Threads, CpuAffinity.AllowedCpus());
        _publishing = new PublishLane(options, _sensors, logs);
        _lanes = DetectionLane.CreateAll(options, program, _sensors, _publishing);
        _rules = new RuleSwap(_lanes, program);
        _sources = SourceLane.CreateAll(options, _sensors, _lanes, logs);
    }

    /// <summary>Ends when a role's thread has died: the process must end too.</summary>
    public Task<GatewayFault> Fault => _fault.Task;

    /// <summary>The rules at work.</summary>
    public RuleProgram Program => _rules.Program;

    /// <summary>Binds the sockets, warms the path, dials NATS, and then listens.</summary>
    /// <exception cref="SourceStartException">A source cannot listen; nothing runs then.</exception>
    public void Start()
    {
        foreach (var source in _sources)
        {
            source.Source.Bind();
        }

        _publishing.Start(_placement.ForPublishing(), UsesSpin, Die);
        PathWarmer.Run(_options, Program);
        _rules.Use(_rules.Prepare(Program, []));
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i].Start(_placement.ForDetection(i), UsesSpin, Die);
        }

        for (var i = 0; i < _sources.Length; i++)
        {
            _sources[i].Start(_placement.ForIngest(i), Die);
        }

        _isListening = true;
        PriceInBackground(Program);
        HotCode.PrepareInBackground();
    }

    /// <summary>Prepares the next generation of rules and puts it to work in all workers. Slow; off the path only.</summary>
    public void Use(RuleProgram program) => Use(Prepare(program, []));

    /// <summary>Allocates and warms all that a generation needs here. Slow; off the path only.</summary>
    /// <param name="program">Built with this gateway's <see cref="GatewayOptions.Detection"/>.</param>
    /// <param name="samples">Payloads as they come in now, best from <see cref="BeginSampling"/>; may be empty.</param>
    public PreparedGeneration Prepare(RuleProgram program, IReadOnlyCollection<byte[]> samples) =>
        _rules.Prepare(program, samples);

    /// <summary>
    /// Puts a prepared generation to work: each worker takes it with its next turn, by a few reference writes.
    /// </summary>
    public void Use(PreparedGeneration generation)
    {
        _rules.Use(generation);
        PriceInBackground(generation.Program);
    }

    /// <summary>True once every worker has passed all generations before <see cref="Program"/>, so that they are free.</summary>
    public bool HasSettled() => _rules.IsSettled();

    /// <summary>Begins to copy some of the payloads that pass; dispose it soon.</summary>
    public TrafficSampling BeginSampling() => new(_lanes);

    /// <summary>Stops reading, lets everything taken in come out, and stops the threads.</summary>
    /// <param name="drain">Longest time for what is under way.</param>
    /// <returns>The last counters.</returns>
    public async Task<GatewaySnapshot> StopAsync(TimeSpan drain)
    {
        _isListening = false;
        foreach (var source in _sources)
        {
            source.Source.Stop();
        }

        foreach (var lane in _lanes)
        {
            lane.Worker.FlushSummaries();
            lane.Runner.Wake();
        }

        var from = Stopwatch.GetTimestamp();
        while (!IsDrained() && Stopwatch.GetElapsedTime(from) < drain && !_fault.Task.IsCompleted)
        {
            await Task.Delay(5).ConfigureAwait(false);
        }

        foreach (var lane in _lanes)
        {
            lane.StopThread();
        }

        _publishing.StopThread();
        var last = Snapshot() with { PayloadsLeftAtStop = _lanes.Sum(static lane => lane.Ring.Reader.Depth) };
        if (last.PayloadsLeftAtStop > 0)
        {
            LanesLog.PayloadsLeft(_log, last.PayloadsLeftAtStop, drain.TotalSeconds);
        }

        if (_publishing.StoredAtStop is > 0 and var stored)
        {
            LanesLog.LeftInSpool(_log, stored);
        }

        // What is stored is unconfirmed as well, or waited in the spool before; what remains found no room there.
        if (last.AlertsUnconfirmed + last.AlertsDropped[AlertDropReason.Shutdown]
            - Math.Max(0, _publishing.StoredAtStop - last.AlertsSpooled) is > 0 and var left)
        {
            LanesLog.NotDrained(_log, left, drain.TotalSeconds);
        }

        if (_lanes.Sum(static lane => lane.Worker.SummariesOwed) is > 0 and var owed)
        {
            LanesLog.SummariesLeft(_log, owed, drain.TotalSeconds);
        }

        return last;
    }

    /// <summary>All counters, now.</summary>
    public GatewaySnapshot Snapshot() =>
        SnapshotBuilder.Build(_startedAt, _isListening, _rules, _sources, _lanes, _publishing);

    /// <summary>Closes what is still open; call <see cref="StopAsync"/> first.</summary>
    public void Dispose()
    {
        foreach (var source in _sources)
        {
            source.Dispose();
        }

        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }

        _publishing.Dispose();
    }

    private void PriceInBackground(RuleProgram program)
    {
        if (_options.PricingTime > TimeSpan.Zero)
        {
            _ = Task.Run(() => Price(program));
        }
    }

    private void Price(RuleProgram program)
    {
        try
        {
            program.MeasurePrices(_options.Detection, _options.PricingTime);
        }
#pragma warning disable CA1031 // Whatever goes wrong in a measurement, alerts go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LanesLog.PricingFailed(_log, fault);
        }
    }

    private bool UsesSpin => _options.Threads.Spin && Environment.ProcessorCount > 2;

    /// <summary>What only a server could take is not waited for when none is there and a spool will have it.</summary>
    private bool IsDrained() =>
        _lanes.All(static lane => !lane.Ring.Reader.HasRecords && lane.Worker.SummariesOwed == 0)
        && _publishing.Worker.Waiting == 0
        && _publishing.Connections.Select(static connection => connection.Snapshot()).All(connection =>
            connection.Unconfirmed == 0 || (_publishing.Spool is not null && connection.State != "connected"));

    private void Die(string role, Exception fault)
    {
        LanesLog.WorkerDied(_log, role, fault);
        _fault.TrySetResult(new GatewayFault(role, fault));
    }
}
