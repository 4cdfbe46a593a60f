using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>One source with its port into the rings of all workers.</summary>
internal sealed class SourceLane : IDisposable
{
    private SourceLane(ISource source, IngestPort port)
    {
        Source = source;
        Port = port;
    }

    public ISource Source { get; }

    public IngestPort Port { get; }

    public int? Cpu { get; private set; }

    public static SourceLane[] CreateAll(
        GatewayOptions options, SensorTable sensors, DetectionLane[] lanes, ILoggerFactory logs)
    {
        var log = logs.CreateLogger("SensorGateway.Sources");
        var sources = new SourceLane[options.Sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            var index = i;
            var port = new IngestPort(
                [.. lanes.Select(lane => (lane.Ring.Writers[index], lane.Ring.Space, lane.Runner))], new Doorbell());
            sources[i] = new SourceLane(SourceFactory.Create(options.Sources[i], port, sensors, log), port);
        }

        return sources;
    }

    public void Start(int? cpu, Action<string, Exception> onFault)
    {
        Cpu = cpu;
        Source.Start(cpu, onFault);
    }

    public void Dispose()
    {
        Source.Dispose();
        Port.Doorbell.Dispose();
    }
}
