using System.Text;
using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Spooling;

/// <summary>Stored alerts, on the disk that holds the temporary folder: 256 of 500 bytes make one write.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class SpoolBenchmarks : IDisposable
{
    private const int Batch = 256;
    private const int MessageBytes = 500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-spool-bench-");
    private readonly byte[] _json = Encoding.ASCII.GetBytes(new string('j', MessageBytes));
    private readonly ulong[] _confirmed = new ulong[1];
    private DiskFiles _files = null!;
    private SpoolLog _log = null!;
    private ulong _sequence = 1;
    private bool _isChecked;

    /// <summary>What is written must come back, or nothing was measured.</summary>
    [GlobalSetup]
    public void Check()
    {
        _files = new DiskFiles(_folder.FullName);
        _log = new SpoolLog(_files, new SpoolOptions { Folder = _folder.FullName }, 1);
        _log.Open(_sequence);
        AppendWrite();
        for (var i = 0; i < Batch; i++)
        {
            if (!_log.TryPeek(0, out var record) || !record.Json.SequenceEqual(_json))
            {
                throw new InvalidOperationException("The spool gave back other bytes than it was given.");
            }

            _log.Take(0, record);
        }

        _isChecked = true;
    }

    /// <summary>Encoding, checksum and the write to the page cache; segments that are done with are removed.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public void AppendWrite()
    {
        for (var i = 0; i < Batch; i++)
        {
            // Copies: what a connection keeps as well never comes back, so that nothing piles up here.
            _log.TryAppend(new SpoolHead(_sequence++, 1, 1, Severity.High, _isChecked), "alerts.high.a"u8, _json);
        }

        _log.WriteOut();
        _confirmed[0] = _sequence - Batch;
        _log.Release(_confirmed);
    }

    /// <summary>The same, and the disk has it.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void AppendWriteSync()
    {
        AppendWrite();
        _log.Sync();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _log.Dispose();
        _files.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
