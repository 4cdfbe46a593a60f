using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Threading;

/// <summary>The right to touch what a role owns. At most one thread holds it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * PaddedSequence.PaddingBytes)]
internal struct Baton
{
    [FieldOffset(PaddedSequence.PaddingBytes)]
    private int _held;

    /// <summary>Takes the baton if nobody holds it.</summary>
    /// <remarks>The CAS acquires: pairs with the release in <see cref="GiveBack"/>, so the last holder's writes are seen.</remarks>
    public bool TryTake() => Volatile.Read(ref _held) == 0 && Interlocked.CompareExchange(ref _held, 1, 0) == 0;

    /// <summary>Gives the baton back.</summary>
    /// <remarks>
    /// The exchange releases everything the holder wrote, and is a full fence: the holder's next look for work comes
    /// after it, so an item published by a thread that failed <see cref="TryTake"/> is not left behind.
    /// </remarks>
    public void GiveBack() => Interlocked.Exchange(ref _held, 0);
}
