using System.Diagnostics;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring;

/// <summary>
/// Producers and a consumer at full speed through one ring, sound or broken alike: nothing lost, doubled, torn or out of
/// its producer's order, and nothing overwritten before it was released.
/// </summary>
internal sealed class RingSoak(IReadOnlyList<RingWriter> writers, RingReader reader)
{
    private readonly Verdict _verdict = new();
    private readonly long[] _written = new long[writers.Count];
    private readonly int _bytesMax = writers[0].PayloadBytesMax;
    private volatile bool _stopping;
    private volatile bool _allWritten;

    /// <summary>Records read.</summary>
    public long Read { get; private set; }

    /// <summary>The first violation, or null when the ring held for the given time.</summary>
    public string? Run(TimeSpan time)
    {
        var from = Stopwatch.GetTimestamp();
        var producers = Enumerable.Range(0, writers.Count)
            .Select(producer => _verdict.Start($"producer {producer}", () => Produce(producer))).ToList();
        var consumer = _verdict.Start("consumer", Consume);
        while (!_verdict.IsBroken && !SoakTime.IsOver(from, time))
        {
            Thread.Sleep(5);
        }

        _stopping = true;
        _verdict.Join(producers, SoakTime.Hang);
        _allWritten = true;
        _verdict.Join([consumer], SoakTime.Hang);
        return _verdict.Violation;
    }

    private void Produce(int producer)
    {
        var writer = writers[producer];
        var dice = new Random(producer);
        for (var sequence = 0L; !_stopping && !_verdict.IsBroken; sequence++)
        {
            SlotLease lease;
            while (!writer.TryClaim(SoakPayload.LengthOf(producer, sequence, _bytesMax), out lease))
            {
                if (_stopping || _verdict.IsBroken)
                {
                    return;
                }

                Thread.Yield();
            }

            if (dice.Next(32) == 0)
            {
                Thread.Yield(); // As if the kernel took the CPU here: on a busy machine the others run only then.
            }

            SoakPayload.Fill(lease.Payload, producer, sequence);
            writer.Commit(lease);
            writer.Publish();
            Volatile.Write(ref _written[producer], sequence + 1);
        }
    }

    private void Consume()
    {
        var next = new long[writers.Count];
        var dice = new Random(1);
        var stoppedAt = 0L;
        while (!_verdict.IsBroken)
        {
            var nothingMoreComes = _allWritten;

            // Several records before their room is given back, as roles do.
            var batch = 0;
            for (var batchMax = dice.Next(1, 6); batch < batchMax && reader.TryRead(out var record); batch++)
            {
                if (SoakPayload.Check(record.Payload, next, _bytesMax) is { } violation)
                {
                    _verdict.Report(violation);
                    return;
                }

                LookAgain(record.Payload, dice);
                Read++;
            }

            reader.Release();
            if (batch == 0 && nothingMoreComes)
            {
                if (Enumerable.Range(0, next.Length).All(i => next[i] == Volatile.Read(ref _written[i])))
                {
                    return;
                }

                stoppedAt = stoppedAt == 0 ? Stopwatch.GetTimestamp() : stoppedAt;
                if (SoakTime.IsOver(stoppedAt, SoakTime.Hang / 2))
                {
                    _verdict.Report($"written {string.Join(", ", _written)}, read only {string.Join(", ", next)}");
                }
            }

            if (batch == 0)
            {
                Thread.Yield();
            }
        }
    }

    // A record on loan must still be what it was, a while later.
    private void LookAgain(ReadOnlySpan<byte> payload, Random dice)
    {
        if (dice.Next(16) == 0)
        {
            var (producer, sequence) = SoakPayload.NameOf(payload);
            Thread.Yield();
            if (SoakPayload.CheckBody(payload, producer, sequence) is { } violation)
            {
                _verdict.Report(violation + ", while it was on loan");
            }
        }
    }
}
