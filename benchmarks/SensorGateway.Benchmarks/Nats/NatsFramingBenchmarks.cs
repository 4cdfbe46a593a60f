using System.Text;
using BenchmarkDotNet.Attributes;
using SensorGateway.Benchmarks.Detection.Stages;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Benchmarks.Nats;

/// <summary>Messages framed into the log of a connection, taken out as for a socket, and released; time per message.</summary>
[MemoryDiagnoser]
public class NatsFramingBenchmarks
{
    private const int Messages = 64;

    private readonly SendLog _log = new(1 << 20);
    private readonly byte[] _subject = [.. "alerts.high.10_0_0_7"u8];
    private byte[] _payload = [];

    /// <summary>Bytes of a message.</summary>
    [Params(128, 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Check()
    {
        _payload = new byte[Bytes];
        _payload.AsSpan().Fill((byte)'x');
        StageRules.Require(_log.TryAppend(_subject, default, _payload), "no room in an empty log");
        var frame = Encoding.ASCII.GetString(_log.Unsent(int.MaxValue));
        StageRules.Require(frame == $"PUB alerts.high.10_0_0_7 {Bytes}\r\n{new string('x', Bytes)}\r\n", "another frame than NATS takes");
        Send();
        StageRules.Require(FrameSendRelease() > Messages * Bytes && _log.Messages == 0, "messages stay behind");
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public long FrameSendRelease()
    {
        for (var i = 0; i < Messages; i++)
        {
            _log.TryAppend(_subject, default, _payload);
        }

        return Send();
    }

    private long Send()
    {
        var sent = 0L;
        while (_log.UnsentBytes > 0)
        {
            var bytes = _log.Unsent(int.MaxValue).Length;
            _log.AdvanceSent(bytes);
            sent += bytes;
        }

        _log.ReleaseSent();
        return sent;
    }
}
