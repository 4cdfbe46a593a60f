using Microsoft.Extensions.ObjectPool;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>One detection worker with its ring and its thread.</summary>
internal sealed class DetectionLane : IDisposable
{
    private const int SubjectBytesMax = 512;
    private static readonly ObjectPool<AlertBuffer> Buffers = ObjectPool.Create<AlertBuffer>();

    private PinnedThread? _thread;

    private DetectionLane(EventRing ring, DetectionWorker worker, RoleRunner runner)
    {
        Ring = ring;
        Worker = worker;
        Runner = runner;
    }

    public EventRing Ring { get; }

    public DetectionWorker Worker { get; }

    public RoleRunner Runner { get; }

    public int? Cpu { get; private set; }

    /// <summary>Makes all workers; each ring has one writing end per source.</summary>
    public static DetectionLane[] CreateAll(
        GatewayOptions options, RuleProgram program, SensorTable sensors, PublishLane publishing)
    {
        var subject = SubjectTemplate.TryParse(options.Alerts.Subject, options.Alerts.Gateway, out var problem)
            ?? throw new InvalidOperationException($"publishing.subject {problem}");
        var ids = new AlertIds(options.Alerts.Gateway, publishing.BootEpoch);
        var lanes = new DetectionLane[options.EffectiveWorkers];
        for (var i = 0; i < lanes.Length; i++)
        {
            var ring = EventRing.Create(options.RingBytes, Math.Max(1, options.Sources.Length));
            var worker = new DetectionWorker(
                i,
                ring.Reader,
                publishing.Ring.Writers[i],
                publishing.Ring.Space,
                options.Alerts.MessageBytesMax + SubjectBytesMax,
                sensors,
                publishing.Runner,
                new AlertEncoder(options.Alerts, subject, ids, TimeProvider.System, Buffers),
                program,
                options.Detection);
            var doorbell = new Doorbell();
            publishing.Ring.Space.Add(doorbell);
            lanes[i] = new DetectionLane(ring, worker, new RoleRunner(worker, doorbell, options.Threads.Batons));
        }

        return lanes;
    }

    public void Start(int? cpu, bool spin, Action<string, Exception> onFault)
    {
        Cpu = cpu;
        _thread = new PinnedThread(Runner, cpu, spin, onFault);
    }

    public void StopThread()
    {
        _thread?.Dispose();
        _thread = null;
    }

    public void Dispose()
    {
        StopThread();
        Worker.Dispose();
        Runner.Doorbell.Dispose();
    }
}
