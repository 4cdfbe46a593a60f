using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.IntegrationTests.Sources;

/// <summary>The consumer behind a source under test: keeps or only counts what comes out of the ring.</summary>
internal sealed class PayloadCollector(RingReader reader) : IDutyCycle
{
    private readonly Lock _gate = new();
    private readonly List<(int Sensor, byte[] Payload)> _kept = [];
    private long _count;

    public string Role => "detect-test";

    /// <summary>While true the ring is not emptied.</summary>
    public bool IsStalled { get; set; }

    /// <summary>False: counts only, and allocates nothing.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>Most records a turn; the slow consumer takes few.</summary>
    public int RecordsPerTurn { get; set; } = 512;

    /// <summary>Called at the start of each turn, on the thread that runs it.</summary>
    public Action? OnTurn { get; set; }

    public bool HasWork => !IsStalled && reader.HasRecords;

    public long BacklogNanoseconds => 0;

    public long Count => Volatile.Read(ref _count);

    public IReadOnlyList<(int Sensor, byte[] Payload)> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    public int DoWork()
    {
        OnTurn?.Invoke();
        var handled = 0;
        while (!IsStalled && handled < RecordsPerTurn && reader.TryRead(out var record))
        {
            handled++;
            if (Keeps)
            {
                lock (_gate)
                {
                    _kept.Add((record.Tag.Sensor, record.Payload.ToArray()));
                }
            }
        }

        if (handled > 0)
        {
            reader.Release();
            Volatile.Write(ref _count, _count + handled);
        }

        return handled;
    }
}
