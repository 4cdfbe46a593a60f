using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>A-Z become a-z; all other bytes stay.</summary>
internal static class Lowercase
{
    public static int Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var first = input.IndexOfAnyInRange((byte)'A', (byte)'Z');
        if (first < 0)
        {
            return Transform.Unchanged;
        }

        input[..first].CopyTo(output);
        var at = first;
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output[..input.Length]);
        for (; at <= input.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref source, (nuint)at);

            // Moved so that A is the least signed number: one comparison then tells A-Z from all others.
            var moved = (bytes + Vector128.Create((byte)(0x80 - 'A'))).AsSByte();
            var isUpper = Vector128.LessThan(moved, Vector128.Create((sbyte)(sbyte.MinValue + 26))).AsByte();
            (bytes | isUpper & Vector128.Create((byte)0x20)).StoreUnsafe(ref target, (nuint)at);
        }

        for (; at < input.Length; at++)
        {
            output[at] = char.IsAsciiLetterUpper((char)input[at]) ? (byte)(input[at] | 0x20) : input[at];
        }

        return input.Length;
    }
}
