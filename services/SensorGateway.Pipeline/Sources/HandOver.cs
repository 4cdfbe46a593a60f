using System.Diagnostics;
using System.Runtime.CompilerServices;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources;

/// <summary>Passes payloads to the ring, and applies the source's overload policy when it is full.</summary>
/// <remarks>Owner: the ingest thread.</remarks>
internal sealed class HandOver(IngestPort port, Overload overload, IngestThread thread, SourceJournal journal)
{
    private long _blockedTicks;

    /// <summary>
    /// Stopwatch ticks without the time spent waiting for room: no sensor is timed out for a silence in which the
    /// gateway itself did not read.
    /// </summary>
    public long ReadingTicks(long nowTicks) => nowTicks - _blockedTicks;

    /// <summary>Takes the payload into the ring, or counts it as dropped.</summary>
    public void Pass(Sensor sensor, ReadOnlySpan<byte> payload, long receivedAtTicks)
    {
        if (!port.TryAccept(sensor, payload, receivedAtTicks))
        {
            PassToFullRing(sensor, payload, receivedAtTicks);
        }
    }

    /// <summary>Passes all accepted payloads on; detection may run here.</summary>
    public void Flush() => port.Flush();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PassToFullRing(Sensor sensor, ReadOnlySpan<byte> payload, long receivedAtTicks)
    {
        // What fills the ring may be payloads that detection has not been shown yet.
        port.Flush();
        if (port.TryAccept(sensor, payload, receivedAtTicks))
        {
            return;
        }

        if (overload == Overload.Block && WaitAndPass(sensor, payload, receivedAtTicks))
        {
            return;
        }

        port.Counters.CountDropped(DropReason.RingFull);
        journal.Dropped(DropReason.RingFull, 1, Stopwatch.GetTimestamp());
    }

    private bool WaitAndPass(Sensor sensor, ReadOnlySpan<byte> payload, long receivedAtTicks)
    {
        var from = Stopwatch.GetTimestamp();
        var passed = false;
        while (!passed && !thread.IsOutOfTime)
        {
            port.WaitForRoom();
            passed = port.TryAccept(sensor, payload, receivedAtTicks);
        }

        _blockedTicks += Stopwatch.GetTimestamp() - from;
        return passed;
    }
}
