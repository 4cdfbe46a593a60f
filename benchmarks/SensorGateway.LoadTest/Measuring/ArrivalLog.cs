using SensorGateway.LoadTest.Sending;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>Which alerts came, when, and in which order.</summary>
/// <remarks>Owner: the subscriber's thread. Others read the counters, which only grow.</remarks>
internal sealed class ArrivalLog(Schedule schedule)
{
    private readonly ulong[] _seen = new ulong[(schedule.SequenceMax / 64) + 1];
    private readonly long[] _lastOfConnection = [.. Enumerable.Repeat(-1L, schedule.Connections)];
    private long _received;
    private long _lastArrivalTicks;

    /// <summary>Arrival minus intended send time of alerts in the measured part.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Told each measured latency in nanoseconds too, on the subscriber's thread; for finer histograms.</summary>
    public Action<long>? Measured { get; init; }

    /// <summary>Different alerts received, warm-up included.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>When the latest new alert arrived, in Stopwatch ticks.</summary>
    public long LastArrivalTicks => Volatile.Read(ref _lastArrivalTicks);

    /// <summary>Alerts received again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>New alerts that came after a later one of the same connection.</summary>
    public long OrderViolations { get; private set; }

    /// <summary>Alerts on payloads that should be clean, and messages without a marker.</summary>
    public long Unexpected { get; private set; }

    /// <summary>A message that carries no marker.</summary>
    public void AddUnmarked() => Unexpected++;

    /// <summary>One alert.</summary>
    public void Add(long sequence, long arrivedTicks)
    {
        if (sequence >= schedule.SequenceMax || !schedule.IsAlert(sequence))
        {
            Unexpected++;
            return;
        }

        ref var word = ref _seen[sequence >> 6];
        var bit = 1UL << (int)(sequence & 63);
        if ((word & bit) != 0)
        {
            Duplicates++;
            return;
        }

        word |= bit;
        ref var last = ref _lastOfConnection[schedule.ConnectionOf(sequence)];
        OrderViolations += sequence < last ? 1 : 0;
        last = Math.Max(last, sequence);
        if (schedule.IsMeasured(sequence))
        {
            var latency = arrivedTicks - schedule.IntendedTicks(sequence);
            Latency.Record(latency);
            Measured?.Invoke(latency);
        }

        Volatile.Write(ref _lastArrivalTicks, arrivedTicks);

        // Release, pairs with Received: who sees the count also sees the arrival and the counters behind it.
        Volatile.Write(ref _received, _received + 1);
    }
}
