using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Threading;

/// <summary>A counter alone on its cache lines. One thread writes it; any thread may read it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * PaddingBytes)]
internal struct PaddedSequence
{
    public const int PaddingBytes = 128; // x64 fetches 64-byte lines in pairs; some arm64 lines are 128.

    [FieldOffset(PaddingBytes)]
    private long _value;

    /// <summary>Owner only: a thread always sees its own last write, so no barrier.</summary>
    public readonly long Own => _value;

    /// <summary>Acquire: later reads see everything written before the matching release.</summary>
    public long ReadAcquire() => Volatile.Read(ref _value);

    /// <summary>Release: earlier writes are visible to whoever reads the new value.</summary>
    public void WriteRelease(long value) => Volatile.Write(ref _value, value);

    /// <summary>Full fence: for counters that several threads raise.</summary>
    public void Increment() => Interlocked.Increment(ref _value);

    /// <summary>Full fence: of several writers exactly one moves the counter from <paramref name="expected"/>.</summary>
    public bool TryAdvance(long expected, long value) =>
        Interlocked.CompareExchange(ref _value, value, expected) == expected;
}
