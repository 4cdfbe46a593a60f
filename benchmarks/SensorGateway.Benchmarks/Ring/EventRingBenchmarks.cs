using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Benchmarks.Ring;

/// <summary>One payload through a ring on one thread.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class EventRingBenchmarks
{
    private readonly byte[][] _payloads = PayloadMix.Create(4_093);
    private readonly ByteRing _single = new(EventRing.Create(16 << 20, 1));
    private readonly ByteRing _shared = new(EventRing.Create(16 << 20, 4));
    private readonly SlotRing _slots = new(new SlotRingV1(4_096, 8 << 20));
    private int _next;

    /// <summary>A benchmark that carries the wrong bytes measures nothing.</summary>
    [GlobalSetup]
    public void Check()
    {
        var payload = _payloads[0];
        foreach (var sum in (int[])[Pass(_single, payload), Pass(_shared, payload), Pass(_slots, payload)])
        {
            if (sum != Touch.All(payload))
            {
                throw new InvalidOperationException("A ring gave back other bytes than it was given.");
            }
        }
    }

    [Benchmark(Baseline = true)]
    public int ClaimPublishReadRelease() => Pass(_single, Next());

    [Benchmark]
    public int ClaimPublishReadRelease_SeveralProducers() => Pass(_shared, Next());

    [Benchmark]
    public int ClaimPublishReadRelease_SlotRingV1() => Pass(_slots, Next());

    private static int Pass<TRing>(TRing ring, byte[] payload)
        where TRing : struct, IRingUnderTest
    {
        ring.TryWrite(payload);
        ring.Publish();
        var sum = ring.TryRead();
        ring.Release();
        return sum;
    }

    private byte[] Next() => _payloads[_next = _next == _payloads.Length - 1 ? 0 : _next + 1];
}
