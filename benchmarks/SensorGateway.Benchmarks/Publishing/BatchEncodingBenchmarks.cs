using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Benchmarks.Detection.Stages;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Publishing;

/// <summary>A batch through the alert ring and the publish role to connections that discard it; time per alert.</summary>
[MemoryDiagnoser]
public class BatchEncodingBenchmarks
{
    private const int Alerts = 64;

    private readonly EventRing _ring = EventRing.Create(1 << 20, 1);
    private readonly SensorTable _table = new(16);
    private readonly Sensor[] _sensors;
    private readonly PublishWorker _worker;
    private readonly byte[] _subject = [.. "alerts.high.10_0_0_7"u8];
    private readonly byte[] _json = new byte[128];

    public BatchEncodingBenchmarks()
    {
        _sensors = [.. Enumerable.Range(0, 8).Select(i => _table.Acquire("tcp", $"10.0.0.{i}")!)];
        _worker = new PublishWorker(
            _ring.Reader,
            _table,
            [.. Enumerable.Range(0, 4).Select(static _ => new DiscardingConnection())],
            new PublishingOptions(),
            NullLogger.Instance);
    }

    [GlobalSetup]
    public void Check() => StageRules.Require(PublishABatchOf64() == Alerts, "not every alert was taken");

    [Benchmark(OperationsPerInvoke = Alerts)]
    public long PublishABatchOf64()
    {
        var writer = _ring.Writers[0];
        var before = _worker.Counters.BatchedAlerts;
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < Alerts; i++)
        {
            writer.TryClaim(_subject.Length + _json.Length, out var lease);
            AlertRecord.Write(lease, _sensors[i & 7].Handle, now, now, Severity.High, _subject, _json);
            writer.Commit(lease);
        }

        writer.Publish();
        while (_worker.HasWork)
        {
            _worker.DoWork();
        }

        return _worker.Counters.BatchedAlerts - before;
    }
}
