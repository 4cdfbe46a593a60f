using SensorGateway.Nats;
using SensorGateway.Tests.Simulation.Faults;
using SensorGateway.Tests.Simulation.Network;
using SensorGateway.Tests.Simulation.Roles;
using SensorGateway.Tests.Simulation.Twins;
using SensorGateway.Tests.Simulation.Watching;
using SensorGateway.Tests.Spooling;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Simulation;

/// <summary>
/// The whole pipeline from one seed, on one thread: the simulation is the scheduler, the clock, the network and the disk.
/// </summary>
internal sealed partial class GatewaySimulation : IDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(300);
    private const int SettleSteps = 100_000;

    private readonly int _seed;
    private readonly Random _random;
    private readonly Scenario _scenario;
    private readonly ManualTime _clock = new();
    private readonly Ledger _ledger = new();
    private readonly MemoryFiles _disk = new();
    private readonly SimulatedNetwork _network;
    private readonly Weather _weather;
    private readonly Twin _twin;
    private readonly Senders _sensors;
    private SimulatedGateway _gateway;
    private bool _isRecovered;

    /// <param name="seed">Decides everything.</param>
    /// <param name="twin">What is broken on purpose; null for nothing.</param>
    /// <param name="stepsTold">So many of the last steps are told when it fails.</param>
    public GatewaySimulation(int seed, Twin? twin = null, int stepsTold = 40)
    {
        (_seed, _twin) = (seed, twin ?? Twin.Sound);
        _random = new Random(seed);
        _scenario = Scenario.Of(_random);
        Trace = new Trace(_clock, stepsTold);
        _network = new SimulatedNetwork(
            _clock, [.. Enumerable.Range(0, _scenario.Servers).Select(index => new SimulatedServer(index, _ledger))],
            _scenario.SocketBytes);
        _weather = new Weather(_scenario, _network, _disk, _ledger, _random);
        _sensors = new Senders(_random, _scenario.BurstMax);
        _gateway = Start();
    }

    /// <summary>What happened.</summary>
    public Trace Trace { get; }

    /// <summary>What was made and what arrived.</summary>
    public Ledger Ledger => _ledger;

    /// <summary>What has happened to the gateway, in words that tests look for.</summary>
    public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="SimulationFailure">A promise did not hold; the message repeats it and tells what went before.</exception>
    public void Run()
    {
        try
        {
            for (var step = 0; step < _scenario.Steps; step++)
            {
                Step();
            }

            Settle();
            Stop(DrainTime);
            MustHaveArrived();
        }
        catch (Exception failure)
        {
            throw new SimulationFailure(
                $"SENSORGATEWAY_SEED={_seed}: {failure.Message}\n{_scenario}\n{Trace.Tail()}\n{(failure is SimulationFailure ? "" : failure)}");
        }
    }

    public void Dispose() => _gateway.Dispose();

    private SimulatedGateway Start()
    {
        _isRecovered = false;
        _clock.Advance(TimeSpan.FromMilliseconds(_random.Next(2, 50))); // No process starts twice in a millisecond.
        return new SimulatedGateway(_scenario, _network, _disk, _ledger, _random, _sensors.Names, _twin);
    }

    private void Step()
    {
        var chance = _random.Next(1000);
        if (chance < _scenario.FaultsInAThousand)
        {
            Note(_weather.Change());
        }
        else if (chance < _scenario.FaultsInAThousand + 8)
        {
            Change();
        }
        else
        {
            StepAnything();
        }

        Check();
    }

    private void Change()
    {
        switch (_random.Next(4))
        {
            case 0:
                Restart();
                break;
            default:
                var generation = _random.Next(SimulatedRules.Generations.Count);
                _gateway.Reload(generation);
                Note($"reload: generation {generation}");
                break;
        }
    }

    /// <summary>Any of the threads, the servers, the sensors, or the clock.</summary>
    private void StepAnything()
    {
        switch (_random.Next(20))
        {
            case < 3:
                Note(_sensors.Send(_gateway));
                break;
            case < 6:
                if (_gateway.Source.IsReady)
                {
                    Note(_gateway.Source.Step());
                }

                break;
            case < 12:
                var thread = _gateway.Threads[_random.Next(_gateway.Threads.Count)];
                if (thread.IsReady)
                {
                    Note(thread.Step());
                }

                break;
            case < 15:
                var index = _random.Next(_gateway.Readers.Count);
                Note($"nats-read-{index} {_gateway.Readers[index].Step()}");
                break;
            case < 18:
                var server = _network.Servers[_random.Next(_network.Servers.Count)];
                if (server.Links.Count > 0)
                {
                    var link = server.Links[_random.Next(server.Links.Count)];
                    server.Read(link, _random.Next(1, 40));
                    Note($"server {server.Index} reads link {link.Descriptor}; {_ledger.Arrivals} arrived");
                }

                break;
            default:
                // From a microsecond to a second, each power of two alike.
                Advance(TimeSpan.FromMicroseconds(1L << _random.Next(21)));
                break;
        }
    }

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        Note($"{time.TotalMicroseconds:F0} us pass");
    }

    /// <summary>One step of anything that is ready, in any order. False when nothing is.</summary>
    private bool StepReady()
    {
        var threads = _gateway.Threads.Where(static thread => thread.IsReady).ToList();
        var readers = _gateway.Readers.Where(reader => reader.DueTicks <= _clock.GetTimestamp()).ToList();
        var links = _network.Servers.SelectMany(static server => server.FramesMax > 0 ? server.Links : [])
            .Where(static link => link.ToServer.Count > 0).ToList();
        var source = _gateway.Source.IsReady ? 1 : 0;
        var ready = threads.Count + readers.Count + links.Count + source;
        if (ready == 0)
        {
            return false;
        }

        var choice = _random.Next(ready);
        if (choice < threads.Count)
        {
            Note(threads[choice].Step());
        }
        else if ((choice -= threads.Count) < readers.Count)
        {
            Note($"a reader {readers[choice].Step()}");
        }
        else if ((choice -= readers.Count) < links.Count)
        {
            links[choice].Server.Read(links[choice], _random.Next(1, 100));
            Note($"link {links[choice].Descriptor} is read; {_ledger.Arrivals} arrived");
        }
        else
        {
            Note(_gateway.Source.Step());
        }

        return true;
    }

    /// <summary>Nothing can happen before the next time that somebody waits for: if nobody does, all sleep for ever.</summary>
    private void AdvanceToNext()
    {
        var next = _gateway.Threads.Select(static thread => thread.DueTicks)
            .Concat(_gateway.Readers.Select(static reader => reader.DueTicks))
            .Append(_gateway.Source.DueTicks)
            .Min();
        var wait = _clock.GetElapsedTime(_clock.GetTimestamp(), next);
        SimulationFailure.Unless(
            wait <= LongestSleep || !HasDeliverable, $"all sleep for {wait.TotalMilliseconds} ms while alerts wait: {State()}");
        Advance(wait < TimeSpan.FromMicroseconds(1) ? TimeSpan.FromMicroseconds(1) : wait);
    }

    /// <summary>Something could go out or be confirmed at once: nobody may sleep on it for long.</summary>
    private bool HasDeliverable
    {
        get
        {
            var connections = _gateway.Connections.Select(static connection => connection.Snapshot()).ToArray();
            return connections.Any(static connection => connection is { State: "connected", Unconfirmed: > 0 })
                || (_gateway.Publisher.Waiting > 0 && connections.All(static connection => connection.State == "connected"));
        }
    }

    private void Check()
    {
        NoteLateStart();
        var accounts = new Accounts(_gateway);
        accounts.MustAddUp();
        Bounds.MustHold(_gateway, accounts, _scenario, _weather.DiskWasGone ? null : _disk);
    }

    /// <summary>While the disk cannot be read at a start, new alerts do not wait for what lies there, be it for the next.</summary>
    private void NoteLateStart()
    {
        if (_isRecovered || _gateway.Spool is not { Port: var port })
        {
            return;
        }

        _isRecovered = port is { IsRecovering: false, IsFailing: false };
        if (port.IsFailing || _disk.Fails)
        {
            foreach (var alert in _ledger.Open.Where(alert => alert.Process < _ledger.Process))
            {
                alert.MayBeLate = true;
            }
        }
    }

    private void MustHaveArrived()
    {
        // A file that could not be removed may still hold what a server has refused.
        var missing = _ledger.Open.FirstOrDefault(alert => !alert.MayBeLate && alert.Bytes <= _ledger.SmallestMaxPayload);
        SimulationFailure.Unless(missing is null, $"{missing?.Id} never arrived, and no counter tells why");
        if (_scenario is { Delivery: NatsDelivery.Fenced, DiskRots: false })
        {
            Bounds.GraveGoFirst(_ledger);
        }
    }

    private void Note(string step) => Trace.Add(step);

    private string State() =>
        $"{new Accounts(_gateway).Unconfirmed} unconfirmed, {_gateway.Publisher.Waiting} waiting, {_gateway.Publisher.Counters.Spooled} spooled, spool {_gateway.Spool?.Snapshot}, connections {string.Join(',', _gateway.Connections.Select(static connection => connection.Snapshot().State))}";
}
