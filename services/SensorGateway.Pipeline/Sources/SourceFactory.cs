using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources.Datagrams;
using SensorGateway.Pipeline.Sources.Streams;

namespace SensorGateway.Pipeline.Sources;

/// <summary>Makes sources from their options: the one place where a new kind of source is registered.</summary>
public static class SourceFactory
{
    /// <summary>Makes a source; nothing is opened before <see cref="ISource.Bind"/>.</summary>
    /// <param name="options">What to listen on, and the limits.</param>
    /// <param name="port">Where its payloads go; used by its ingest thread alone.</param>
    /// <param name="sensors">Names whoever sends; shared by all sources.</param>
    /// <param name="logger">For the source's rate-limited log.</param>
    /// <exception cref="SourceStartException">The source cannot work on this system or with this ring.</exception>
    public static ISource Create(SourceOptions options, IngestPort port, SensorTable sensors, ILogger logger)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SourceStartException(
                $"source {options.Id}: this source needs Linux; run the gateway on Linux or remove sources.{options.Id}");
        }

        if (options.MaxPayloadBytes > port.PayloadBytesMax)
        {
            throw new SourceStartException(
                $"source {options.Id}: payloads of {options.MaxPayloadBytes} bytes never fit the ring, which takes at most "
                + $"{port.PayloadBytesMax}; enlarge the ring or lower sources.{options.Id}.max_payload");
        }

        return options.Type switch
        {
            SourceType.Tcp or SourceType.Unix => new StreamSource(options, port, sensors, logger),
            SourceType.Udp => new UdpSource(options, port, sensors, logger),
            _ => throw new SourceStartException(
                $"source {options.Id}: type {options.Type} does not exist; use tcp, unix or udp in sources.{options.Id}.type"),
        };
    }
}
