using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>Takes payloads from TCP or Unix stream connections on one ingest thread.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StreamSource : ISource
{
    private readonly SourceOptions _options;
    private readonly IngestPort _port;
    private readonly ILogger _logger;
    private readonly SourceJournal _journal;
    private readonly SensorNames _names;
    private readonly IngestThread _thread;
    private StreamListener? _listener;
    private StreamLoop? _loop;

    public StreamSource(SourceOptions options, IngestPort port, SensorTable sensors, ILogger logger)
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
        _listener = StreamListener.Open(_options);
        Endpoint = _listener.Endpoint;
    }

    /// <inheritdoc/>
    public void Start(int? cpu, Action<string, Exception> onFault)
    {
        var listener = _listener ?? throw new InvalidOperationException($"source {Id}: call Bind before Start");
        _loop = new StreamLoop(_options, _port, _thread, _journal, _names, listener);
        _thread.Start(cpu, _loop.Run, onFault);
        SourcesLog.Listening(_logger, Id, Endpoint);
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _thread.Stop();
        _loop?.Dispose();
        _listener?.Dispose();
        if (_loop is not null)
        {
            SourcesLog.Stopped(_logger, Id, _port.Counters.Received);
        }

        (_loop, _listener) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();
}
