using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Benchmarks.Ring;

/// <summary>Payloads from producing threads to a consuming one at full speed; time per payload.</summary>
[MemoryDiagnoser]
public class RingHandOffBenchmarks
{
    private const int Payloads = 200_000;

    private readonly byte[][] _payloads = PayloadMix.Create(4_093);
    private readonly ByteRing _single = new(EventRing.Create(16 << 20, 1));
    private readonly EventRing _shared = EventRing.Create(16 << 20, 2);

    [GlobalSetup]
    public void Check()
    {
        var wanted = Enumerable.Range(0, Payloads).Sum(i => (long)Touch.All(_payloads[i % _payloads.Length]));
        if (OneProducer() != wanted || TwoProducers() != wanted)
        {
            throw new InvalidOperationException("the consumer saw other bytes than the producers wrote");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Payloads)]
    public long OneProducer() => RingPasses.TwoThreads(_single, _payloads, Payloads).Sum;

    [Benchmark(OperationsPerInvoke = Payloads)]
    public long TwoProducers()
    {
        var producers = _shared.Writers.Select((writer, i) => new Thread(() => Produce(writer, i))).ToList();
        producers.ForEach(static thread => thread.Start());
        var (sum, read) = (0L, 0);
        while (read < Payloads)
        {
            var batch = 0;
            for (; batch < 64 && _shared.Reader.TryRead(out var record); batch++)
            {
                sum += Touch.All(record.Payload);
            }

            _shared.Reader.Release();
            read += batch;
            if (batch == 0)
            {
                Thread.Yield();
            }
        }

        producers.ForEach(static thread => thread.Join());
        return sum;
    }

    private void Produce(RingWriter writer, int first)
    {
        for (var i = first; i < Payloads; i += 2)
        {
            var payload = _payloads[i % _payloads.Length];
            SlotLease lease;
            while (!writer.TryClaim(payload.Length, out lease))
            {
                writer.Publish();
                Thread.Yield();
            }

            payload.CopyTo(lease.Payload);
            writer.Commit(lease);
            writer.Publish();
        }
    }
}
