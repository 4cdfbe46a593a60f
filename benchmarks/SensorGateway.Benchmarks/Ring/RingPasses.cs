using System.Diagnostics;

namespace SensorGateway.Benchmarks.Ring;

/// <summary>One measured pass over a ring: nanoseconds per payload, and a sum that both designs must agree on.</summary>
internal static class RingPasses
{
    /// <summary>One payload at a time, as on a quiet gateway: the ring is empty before each.</summary>
    public static (double Nanoseconds, long Sum) OneByOne<TRing>(TRing ring, byte[][] payloads, int count)
        where TRing : struct, IRingUnderTest
    {
        var sum = 0L;
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            ring.TryWrite(payloads[i % payloads.Length]);
            ring.Publish();
            sum += ring.TryRead();
            ring.Release();
        }

        return (Since(from) / count, sum);
    }

    /// <summary>With a backlog: what is read was written long before and has left the near caches.</summary>
    public static (double Nanoseconds, long Sum) WithBacklog<TRing>(TRing ring, byte[][] payloads, int count)
        where TRing : struct, IRingUnderTest
    {
        const int Backlog = 20_000;
        const int Batch = 16;
        var sum = 0L;
        for (var i = 0; i < Backlog; i++)
        {
            Require(ring.TryWrite(payloads[i % payloads.Length]));
        }

        var from = Stopwatch.GetTimestamp();
        for (var i = Backlog; i < Backlog + count; i += Batch)
        {
            for (var j = 0; j < Batch; j++)
            {
                Require(ring.TryWrite(payloads[(i + j) % payloads.Length]));
            }

            ring.Publish();
            for (var j = 0; j < Batch; j++)
            {
                sum += ring.TryRead();
            }

            ring.Release();
        }

        var nanoseconds = Since(from) / count;
        while (ring.TryRead() >= 0)
        {
        }

        ring.Release();
        return (nanoseconds, sum);
    }

    /// <summary>A producer and a consumer, each on its own thread, at full speed.</summary>
    public static (double Nanoseconds, long Sum) TwoThreads<TRing>(TRing ring, byte[][] payloads, int count)
        where TRing : struct, IRingUnderTest
    {
        var sum = 0L;
        var consumer = new Thread(() =>
        {
            for (var read = 0; read < count;)
            {
                var batch = 0;
                for (; batch < 64 && ring.TryRead() is var value and >= 0; batch++)
                {
                    sum += value;
                }

                ring.Release();
                read += batch;
                if (batch == 0)
                {
                    Thread.Yield();
                }
            }
        });
        consumer.Start();
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            while (!ring.TryWrite(payloads[i % payloads.Length]))
            {
                ring.Publish();
                Thread.Yield();
            }

            if ((i & 15) == 15)
            {
                ring.Publish();
            }
        }

        ring.Publish();
        consumer.Join();
        return (Since(from) / count, sum);
    }

    private static double Since(long from) => Stopwatch.GetElapsedTime(from).TotalNanoseconds;

    private static void Require(bool written)
    {
        if (!written)
        {
            throw new InvalidOperationException("A ring was too small for the backlog: measure with a larger one.");
        }
    }
}
