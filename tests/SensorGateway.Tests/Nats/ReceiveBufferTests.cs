using System.Text;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Tests.Nats;

public sealed class ReceiveBufferTests
{
    private static readonly string[] Lines =
        ["INFO {\"max_payload\":1048576}", "PING", "", "-ERR 'Stale Connection'", "PONG", "+OK", "x\ry"];

    [Fact]
    public void TryReadLine_StreamSplitAtEveryByte_GivesTheSameLines()
    {
        var stream = Encoding.ASCII.GetBytes(string.Join("\r\n", Lines) + "\r\nhalf");
        for (var split = 0; split <= stream.Length; split++)
        {
            var buffer = new ReceiveBuffer(16, ReceiveBuffer.InfoLineMaxBytes);
            var read = new List<string>();
            Feed(buffer, stream.AsSpan(0, split), read);
            Feed(buffer, stream.AsSpan(split), read);
            Assert.Equal(Lines, read);
            Assert.Equal(4, buffer.UnreadBytes);
        }
    }

    [Fact]
    public void TryReadLine_RandomChunks_GivesTheSameLines()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => new string('a', random.Next(200))).ToList();
            var stream = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + (random.Next(2) == 0 ? "\n" : "\r\n"))));
            var buffer = new ReceiveBuffer(32, 4096);
            var read = new List<string>();
            for (var position = 0; position < stream.Length;)
            {
                var chunk = Math.Min(random.Next(1, 64), stream.Length - position);
                Feed(buffer, stream.AsSpan(position, chunk), read);
                position += chunk;
            }

            Assert.Equal(lines, read);
        }
    }

    [Theory]
    [InlineData("INFO ", ReceiveBuffer.InfoLineMaxBytes)]
    [InlineData("-ERR ", ReceiveBuffer.LineMaxBytes)]
    [InlineData("", ReceiveBuffer.LineMaxBytes)]
    public void TryReadLine_LineWithoutEnd_IsRefusedAtItsLimit(string start, int limit)
    {
        var buffer = new ReceiveBuffer(4096, ReceiveBuffer.InfoLineMaxBytes + ReceiveBuffer.LineMaxBytes);
        Append(buffer, Encoding.ASCII.GetBytes(start));
        var chunk = new byte[1000];
        Array.Fill(chunk, (byte)'a');
        var fed = start.Length;
        LineResult result;
        while ((result = buffer.TryReadLine(out _)) == LineResult.NeedMore)
        {
            Assert.InRange(fed, 0, limit);
            Append(buffer, chunk);
            fed += chunk.Length;
        }

        Assert.Equal(LineResult.TooLong, result);
        Assert.InRange(fed, limit, limit + chunk.Length);
        Assert.InRange(buffer.CapacityBytes, 0, ReceiveBuffer.InfoLineMaxBytes + ReceiveBuffer.LineMaxBytes);
    }

    [Fact]
    public void Writable_AfterOneLongLine_GivesItsMemoryBack()
    {
        var buffer = new ReceiveBuffer(64, 65536);
        var read = new List<string>();
        Feed(buffer, Encoding.ASCII.GetBytes(new string('a', 30_000) + "\n"), read);
        Assert.Single(read);
        _ = buffer.Writable();
        Assert.Equal(64, buffer.CapacityBytes);
    }

    private static void Feed(ReceiveBuffer buffer, ReadOnlySpan<byte> bytes, List<string> read)
    {
        Append(buffer, bytes);
        while (buffer.TryReadLine(out var line) == LineResult.Line)
        {
            read.Add(Encoding.ASCII.GetString(line));
        }
    }

    private static void Append(ReceiveBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var target = buffer.Writable();
            var part = bytes[..Math.Min(target.Length, bytes.Length)];
            part.CopyTo(target);
            buffer.Commit(part.Length);
            bytes = bytes[part.Length..];
        }
    }
}
