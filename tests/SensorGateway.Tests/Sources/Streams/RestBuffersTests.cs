using SensorGateway.Pipeline.Sources.Streams;

namespace SensorGateway.Tests.Sources.Streams;

public sealed class RestBuffersTests
{
    [Fact]
    public void AppendAndReplace_AtRandom_KeepExactlyTheBytesGiven()
    {
        var random = new Random(7);
        var buffers = new RestBuffers(70_000);
        var connections = new Connection[8];
        var model = new List<byte>[8];
        Array.Fill(model, []);
        for (var i = 0; i < 20_000; i++)
        {
            var at = random.Next(connections.Length);
            var bytes = new byte[random.Next(4) == 0 ? random.Next(20_000) : random.Next(50)];
            random.NextBytes(bytes);
            if (random.Next(4) == 0 || model[at].Count + bytes.Length > 70_000)
            {
                buffers.Replace(ref connections[at], bytes);
                model[at] = [.. bytes];
            }
            else
            {
                buffers.Append(ref connections[at], bytes);
                model[at] = [.. model[at], .. bytes];
            }

            Assert.True(connections[at].Unsliced.SequenceEqual(model[at].ToArray()));
        }
    }

    [Fact]
    public void Replace_ByNothing_HoldsNoBuffer()
    {
        var buffers = new RestBuffers(70_000);
        var connection = default(Connection);
        buffers.Append(ref connection, new byte[100]);
        Assert.Equal(4096, connection.Rest!.Length);

        buffers.Replace(ref connection, []);

        Assert.Null(connection.Rest);
        Assert.Equal(0, connection.RestBytes);
    }

    [Theory]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(65_536, 65_536)]
    [InlineData(70_000, 131_072)]
    public void Append_Bytes_TakesTheNextSizeUp(int bytes, int bufferBytes)
    {
        var buffers = new RestBuffers(70_000);
        var connection = default(Connection);

        buffers.Append(ref connection, new byte[bytes]);

        Assert.Equal(bufferBytes, connection.Rest!.Length);
    }
}
