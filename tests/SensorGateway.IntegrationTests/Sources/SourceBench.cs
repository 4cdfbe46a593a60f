using System.Net;
using System.Net.Sockets;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;
using SensorGateway.TestKit.Gateway;

namespace SensorGateway.IntegrationTests.Sources;

/// <summary>One running source with a real port, ring and consumer thread behind it.</summary>
internal sealed class SourceBench : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Doorbell _portBell = new();
    private readonly Doorbell _detectBell = new();
    private readonly RoleRunner _runner;
    private readonly PinnedThread? _consumer;
    private readonly ISource _source;
    private readonly LineLog _log = new();
    private bool _stopped;

    /// <param name="options">Listen and Id may be left to the bench.</param>
    /// <param name="ringBytes">Size of the ring.</param>
    /// <param name="inline">No consumer thread: the ingest thread runs the consumer, as batons let it.</param>
    /// <param name="prepare">Changes the consumer before anything runs.</param>
    /// <param name="sensorsMax">Room in the sensor table.</param>
    public SourceBench(
        SourceOptions options,
        int ringBytes = 1 << 20,
        bool inline = false,
        Action<PayloadCollector>? prepare = null,
        int sensorsMax = 65_536)
    {
        Sensors = new SensorTable(sensorsMax);
        var ring = EventRing.Create(ringBytes, producers: 1);
        Collector = new PayloadCollector(ring.Reader);
        prepare?.Invoke(Collector);
        _runner = new RoleRunner(Collector, _detectBell);
        Port = new IngestPort([(ring.Writers[0], ring.Space, _runner)], _portBell);
        if (inline)
        {
            _runner.BeginPark();
        }
        else
        {
            _consumer = new PinnedThread(_runner, null, false, OnFault);
        }

        _source = SourceFactory.Create(options, Port, Sensors, _log);
        _source.Bind();
        _source.Start(null, OnFault);
    }

    public PayloadCollector Collector { get; }

    public IngestPort Port { get; }

    public SensorTable Sensors { get; }

    public SourceCounters Counters => Port.Counters;

    public string Endpoint => _source.Endpoint;

    public IReadOnlyList<string> Log => _log.Lines;

    /// <summary>Why a thread ended early, if one did.</summary>
    public Exception? Fault { get; private set; }

    public static SourceOptions Tcp(Framing framing = Framing.LengthPrefixed) => new()
    {
        Id = "field-tcp",
        Type = SourceType.Tcp,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Framing = framing,
    };

    public static SourceOptions Udp() => new()
    {
        Id = "beacons",
        Type = SourceType.Udp,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Overload = Overload.Drop,
    };

    /// <summary>A new connection to the source; for UDP a socket that sends to it.</summary>
    /// <param name="fromIp">The sender's own address, for the schemes that have one.</param>
    public Socket Connect(string fromIp = "127.0.0.1")
    {
        var place = new Uri(Endpoint);
        var from = new IPEndPoint(IPAddress.Parse(fromIp), 0);
        Socket socket;
        switch (place.Scheme)
        {
            case "tcp":
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(from);
                socket.Connect(IPAddress.Loopback, place.Port);
                break;
            case "udp":
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(from);
                socket.Connect(IPAddress.Loopback, place.Port);
                break;
            default:
                socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Connect(new UnixDomainSocketEndPoint(Endpoint["unix:".Length..]));
                break;
        }

        return socket;
    }

    /// <summary>Waits for something that other threads bring about.</summary>
    public void Until(Func<bool> isSo, string what)
    {
        var from = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Fault is not null || System.Diagnostics.Stopwatch.GetElapsedTime(from) > Patience)
            {
                Assert.Fail($"never happened: {what}; received {Counters.Received}, taken {Collector.Count}, "
                    + $"open {Counters.ConnectionsOpen}, fault {Fault}, log: {string.Join(" | ", Log)}");
            }

            Thread.Sleep(1);
        }
    }

    public void UntilTaken(long payloads) => Until(() => Collector.Count >= payloads, $"{payloads} payloads taken");

    /// <summary>Stops the source; afterwards its books must balance with what the consumer saw.</summary>
    public void Stop()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _source.Stop();
        Assert.Null(Fault);
        if (Collector.IsStalled)
        {
            Resume();
        }

        var counted = Enum.GetValues<RejectReason>().Sum(Counters.Rejected) + Enum.GetValues<DropReason>().Sum(Counters.Dropped);
        UntilTaken(Counters.Received - counted);
        Assert.Equal(Counters.Received, Collector.Count + counted);
        Assert.Equal(0, Counters.ConnectionsOpen);
    }

    /// <summary>Lets the consumer go on after <see cref="PayloadCollector.IsStalled"/>.</summary>
    public void Resume()
    {
        Collector.IsStalled = false;
        _detectBell.Ring();
        _runner.Wake();
    }

    public void Dispose()
    {
        try
        {
            Stop();
        }
        finally
        {
            _consumer?.Dispose();
            _source.Dispose();
            _portBell.Dispose();
            _detectBell.Dispose();
        }
    }

    private void OnFault(string role, Exception fault) => Fault = fault;
}
