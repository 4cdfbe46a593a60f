using System.Diagnostics;
using System.Text;
using SensorGateway.Nats.Measuring;

namespace SensorGateway.Cli.Benching;

/// <summary>
/// What no client can pass: one socket that is sent PUB frames made beforehand, 64 KiB at a time, and one PING at the end.
/// </summary>
internal sealed class PublishCeiling : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly RawConnection _connection;
    private readonly byte[] _chunk;
    private readonly int _frameBytes;

    public PublishCeiling(PublishBenchRequest request)
    {
        _connection = RawConnection.Connect(request.Server, request.Tls, "sensor-gateway-bench-ceiling");
        var frame = Encoding.UTF8.GetBytes($"PUB {request.Subject} {request.SizeBytes}\r\n{new string('x', request.SizeBytes)}\r\n");
        _frameBytes = frame.Length;
        _chunk = [.. Enumerable.Repeat(frame, Math.Max(1, ChunkBytes / frame.Length)).SelectMany(static bytes => bytes)];
    }

    /// <summary>Sends so many messages; how long it took until the server had read them all.</summary>
    public TimeSpan Send(int count)
    {
        var inChunk = _chunk.Length / _frameBytes;
        var from = Stopwatch.GetTimestamp();
        for (var left = count; left > 0; left -= inChunk)
        {
            _connection.Send(_chunk.AsSpan(0, Math.Min(left, inChunk) * _frameBytes));
        }

        _connection.WaitForPong();
        return Stopwatch.GetElapsedTime(from);
    }

    public void Dispose() => _connection.Dispose();
}
