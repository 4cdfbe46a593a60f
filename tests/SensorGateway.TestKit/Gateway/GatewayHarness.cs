using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Rules.Model;

namespace SensorGateway.TestKit.Gateway;

/// <summary>A whole gateway in this process, with real sockets. Dispose stops it, and its books must balance then.</summary>
public sealed class GatewayHarness : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _drain;
    private GatewaySnapshot? _last;

    /// <summary>Builds and starts it; when this returns it listens.</summary>
    /// <param name="options">See <see cref="TestOptions"/>.</param>
    /// <param name="rules"><see cref="TestRules.Default"/> when null.</param>
    /// <param name="drain">How long stopping may take; 5 s when null.</param>
    /// <param name="log">To play a log that fails.</param>
    public GatewayHarness(GatewayOptions options, RuleSet? rules = null, TimeSpan? drain = null, LineLog? log = null)
    {
        Options = options;
        Log = log ?? new LineLog();
        _drain = drain ?? TimeSpan.FromSeconds(5);
        Gateway = new Pipeline.Lanes.Gateway(options, rules ?? TestRules.Default, Log);
        try
        {
            Gateway.Start();
        }
        catch
        {
            Gateway.Dispose();
            throw;
        }
    }

    /// <summary>What it was made from.</summary>
    public GatewayOptions Options { get; }

    /// <summary>The gateway.</summary>
    public Pipeline.Lanes.Gateway Gateway { get; }

    /// <summary>What it logged.</summary>
    public LineLog Log { get; }

    /// <summary>All counters, now.</summary>
    public GatewaySnapshot Now => Gateway.Snapshot();

    /// <summary>A new connection to a source.</summary>
    /// <param name="source">Its place among the sources.</param>
    /// <param name="from">The sender's address, such as 127.0.0.3; ignored by Unix sockets.</param>
    public Socket Connect(int source = 0, string from = "127.0.0.1")
    {
        var endpoint = Now.Sources[source].Endpoint;
        Socket socket;
        if (endpoint.StartsWith("unix:", StringComparison.Ordinal))
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(endpoint["unix:".Length..]));
            return socket;
        }

        var place = new Uri(endpoint);
        socket = place.Scheme == "udp"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.Connect(IPAddress.Loopback, place.Port);
        return socket;
    }

    /// <summary>A sender with a connection and, for TCP and UDP, an address of its own: 127.0.0.1 for sensor 0.</summary>
    public SensorSender Sender(int sensor = 0, int source = 0, int payloadBytes = 128) =>
        new(Connect(source, $"127.0.0.{sensor + 1}"), sensor, payloadBytes);

    /// <summary>Waits for something that the gateway's threads bring about.</summary>
    /// <exception cref="TimeoutException">It did not happen, or a worker died; the message tells all counters.</exception>
    public GatewaySnapshot Until(Predicate<GatewaySnapshot> isSo, string what)
    {
        var from = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = Now;
            if (isSo(now))
            {
                return now;
            }

            if (Gateway.Fault.IsCompleted || Stopwatch.GetElapsedTime(from) > Patience)
            {
                throw new TimeoutException($"never happened: {what}; {Describe(now)}");
            }

            Thread.Sleep(2);
        }
    }

    /// <summary>Waits until every connection of the pool works.</summary>
    public GatewaySnapshot UntilConnected() => Until(
        static now => now.Connections.All(static connection => connection.State == "connected"),
        "a login of all connections");

    /// <summary>Waits until so many payloads came in and every one is accounted for.</summary>
    public GatewaySnapshot UntilJudged(long payloads) => Until(
        now => now.Received >= payloads && now.PayloadsAddUp, $"{payloads} payloads received and judged");

    /// <summary>Waits until all alerts about so many payloads are confirmed or counted as dropped.</summary>
    public GatewaySnapshot UntilSettled(long payloads) => Until(
        now => now.Received >= payloads && now is { PayloadsAddUp: true, AlertsAddUp: true, AlertsUnconfirmed: 0 },
        $"{payloads} payloads received, and all alerts about them settled");

    /// <summary>Stops the gateway and checks its books. The second call returns what the first did.</summary>
    /// <exception cref="InvalidOperationException">The books do not balance.</exception>
    public GatewaySnapshot Stop()
    {
        if (_last is null)
        {
            _last = Gateway.StopAsync(_drain).GetAwaiter().GetResult();
            if (!Gateway.Fault.IsCompleted && !(_last.PayloadsAddUp && _last.AlertsAddUp))
            {
                throw new InvalidOperationException($"the books do not balance: {Describe(_last)}");
            }
        }

        return _last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Stop();
        }
        finally
        {
            Gateway.Dispose();
        }
    }

    private string Describe(GatewaySnapshot now)
    {
        var connections = now.Connections.Select(static connection =>
            $"{connection.Index} {connection.State} appended {connection.Appended} unconfirmed {connection.Unconfirmed} "
            + $"resent {connection.Resent} reconnects {connection.Reconnects} last error {connection.LastError}");
        return $"received {now.Received} = clean {now.PayloadsClean} + alerted {now.Alerted} + rejected {now.Rejected} "
            + $"+ dropped {now.Dropped}; alerted + summaries {now.Summaries} = confirmed {now.AlertsConfirmed} + sent {now.AlertsSentUnconfirmed} "
            + $"+ unconfirmed {now.AlertsUnconfirmed} (of these waiting {now.AlertsWaiting}) "
            + $"+ suppressed {now.AlertsSuppressed} + dropped {now.AlertsDroppedTotal}; connections: {string.Join(", ", connections)}; "
            + $"fault {(Gateway.Fault.IsCompleted ? Gateway.Fault.Result : "none")}; log: {string.Join(" | ", Log.Lines)}";
    }
}
