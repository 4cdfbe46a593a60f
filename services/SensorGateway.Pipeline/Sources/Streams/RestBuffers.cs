using System.Numerics;
using Microsoft.Extensions.ObjectPool;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>Lends buffers for the front part of frames whose rest has not come yet.</summary>
/// <remarks>Sizes double from 4 KiB; a buffer grows with the bytes that really came, never with an announced length.</remarks>
internal sealed class RestBuffers
{
    private const int SmallestBytes = 4096;
    private const int RetainedBytesPerSize = 1024 * 1024;

    private readonly ObjectPool<byte[]>[] _pools;

    /// <param name="largestBytes">Largest size ever asked for.</param>
    public RestBuffers(int largestBytes)
    {
        _pools = new ObjectPool<byte[]>[IndexFor(largestBytes) + 1];
        for (var i = 0; i < _pools.Length; i++)
        {
            var bytes = SmallestBytes << i;
            _pools[i] = new DefaultObjectPool<byte[]>(new ArrayPolicy(bytes), Math.Max(2, RetainedBytesPerSize / bytes));
        }
    }

    /// <summary>Makes the connection's unsliced bytes these.</summary>
    /// <param name="connection">Whose; what it held is given back or used again.</param>
    /// <param name="bytes">Must not lie in the connection's own buffer.</param>
    public void Replace(ref Connection connection, ReadOnlySpan<byte> bytes)
    {
        connection.RestBytes = 0;
        if (bytes.IsEmpty)
        {
            Free(ref connection);
        }
        else
        {
            Append(ref connection, bytes);
        }
    }

    /// <summary>Adds to the connection's unsliced bytes.</summary>
    public void Append(ref Connection connection, ReadOnlySpan<byte> bytes)
    {
        var needed = connection.RestBytes + bytes.Length;
        if (connection.Rest is null || connection.Rest.Length < needed)
        {
            var larger = _pools[IndexFor(needed)].Get();
            connection.Unsliced.CopyTo(larger);
            Free(ref connection);
            connection.Rest = larger;
        }

        bytes.CopyTo(connection.Rest.AsSpan(connection.RestBytes));
        connection.RestBytes = needed;
    }

    /// <summary>Takes the connection's buffer back.</summary>
    public void Free(ref Connection connection)
    {
        if (connection.Rest is { } buffer)
        {
            connection.Rest = null;
            _pools[IndexFor(buffer.Length)].Return(buffer);
        }
    }

    private static int IndexFor(int bytes) =>
        Math.Max(0, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)bytes)) - BitOperations.Log2(SmallestBytes));

    private sealed class ArrayPolicy(int bytes) : PooledObjectPolicy<byte[]>
    {
        public override byte[] Create() => GC.AllocateUninitializedArray<byte>(bytes);

        public override bool Return(byte[] obj) => true;
    }
}
