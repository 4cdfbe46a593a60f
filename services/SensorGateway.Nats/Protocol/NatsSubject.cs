using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SensorGateway.Nats;

/// <summary>What may stand as the subject of a published message.</summary>
public static class NatsSubject
{
    /// <summary>
    /// Leaves room for the verb and both counts within the control line of the strictest usual server.
    /// </summary>
    public const int MaxBytes = 1024 - 64;

    /// <summary>
    /// True for dot-separated, non-empty tokens without wildcards, white space and control characters.
    /// </summary>
    public static bool IsPublishable(ReadOnlySpan<byte> subject)
    {
        if (subject.Length is 0 or > MaxBytes || subject[0] == (byte)'.' || IsForbidden(subject[^1]) || subject[^1] == (byte)'.')
        {
            return false;
        }

        return Vector128.IsHardwareAccelerated && subject.Length > Vector128<byte>.Count
            ? AreNeighboursFine(ref MemoryMarshal.GetReference(subject), subject.Length)
            : AreNeighboursFine(subject);
    }

    private static bool AreNeighboursFine(ReadOnlySpan<byte> subject)
    {
        for (var i = 0; i + 1 < subject.Length; i++)
        {
            if (IsForbidden(subject[i]) || (subject[i] == (byte)'.' && subject[i + 1] == (byte)'.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same for 17 bytes and more, each vector beside the one that begins a byte later; the last two overlap.</summary>
    private static bool AreNeighboursFine(ref byte start, int length)
    {
        var last = length - 1 - Vector128<byte>.Count;
        for (var i = 0; ; i = Math.Min(i + Vector128<byte>.Count, last))
        {
            var here = Vector128.LoadUnsafe(ref start, (nuint)i);
            var next = Vector128.LoadUnsafe(ref start, (nuint)i + 1);
            var dot = Vector128.Create((byte)'.');
            var bad = Vector128.LessThanOrEqual(here, Vector128.Create((byte)0x20))
                | Vector128.Equals(here, Vector128.Create((byte)0x7F))
                | Vector128.Equals(here, Vector128.Create((byte)'*'))
                | Vector128.Equals(here, Vector128.Create((byte)'>'))
                | (Vector128.Equals(here, dot) & Vector128.Equals(next, dot));
            if (bad != Vector128<byte>.Zero)
            {
                return false;
            }

            if (i == last)
            {
                return true;
            }
        }
    }

    // A space would turn the rest into a reply subject, a line end would start a command of the sender's choice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsForbidden(byte b) => b is <= 0x20 or 0x7F or (byte)'*' or (byte)'>';
}
