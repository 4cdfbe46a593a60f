using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Sources.Datagrams;

/// <summary>Takes payloads from UDP: one datagram, one payload.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UdpSource : ISource
{
    private const int KernelBufferBytes = 4 * 1024 * 1024; // Asked for; net.core.rmem_max may allow less.

    private readonly SourceOptions _options;
    private readonly IngestPort _port;
    private readonly ILogger _logger;
    private readonly SourceJournal _journal;
    private readonly SensorNames _names;
    private readonly IngestThread _thread;
    private Socket? _socket;
    private DatagramLoop? _loop;

    public UdpSource(SourceOptions options, IngestPort port, SensorTable sensors, ILogger logger)
    {
        _options = options;
        _port = port;
        _logger = logger;
        _journal = new SourceJournal(logger, options);
        _names = new SensorNames(options, sensors);
        _thread = new IngestThread(options.Id, port.Doorbell);
    }

    /// <inheritdoc/>
    public string Id => _options.Id;

    /// <inheritdoc/>
    public string Endpoint { get; private set; } = "";

    /// <inheritdoc/>
    public void Bind()
    {
        var address = _options.Listen ?? throw SourceStart.Refused(
            _options, "nothing", "no address given", $"set sources.{Id}.listen, for example 127.0.0.1:7401");
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = KernelBufferBytes;
            socket.Bind(address);
            Endpoint = $"udp://{socket.LocalEndPoint}";
            _socket = socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw SourceStart.From(error, _options, address.ToString());
        }
    }

    /// <inheritdoc/>
    public void Start(int? cpu, Action<string, Exception> onFault)
    {
        var socket = _socket ?? throw new InvalidOperationException($"source {Id}: call Bind before Start");
        _loop = new DatagramLoop(
            _options, _port, _thread, _journal, _names, (int)socket.SafeHandle.DangerousGetHandle());
        _thread.Start(cpu, _loop.Run, onFault);
        SourcesLog.Listening(_logger, Id, Endpoint);
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _thread.Stop();
        _loop?.Dispose();
        _socket?.Dispose();
        if (_loop is not null)
        {
            SourcesLog.Stopped(_logger, Id, _port.Counters.Received);
        }

        (_loop, _socket) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();
}
