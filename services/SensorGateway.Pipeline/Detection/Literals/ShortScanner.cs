using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>
/// Finds literals of one to three bytes without special instructions. Immutable; shared by all workers.
/// </summary>
/// <remarks>
/// A bitmap over folded byte pairs decides; single bytes set the pairs they begin, and the last byte is apart.
/// </remarks>
internal sealed class ShortScanner
{
    private readonly LiteralTable _literals;
    private readonly ulong[] _pairs = new ulong[(1 << 16) / 64];
    private readonly int[][] _byFirst = new int[256][]; // By first byte, unfolded; few literals are this short.
    private readonly bool _isEmpty;

    public ShortScanner(LiteralTable literals, IReadOnlyCollection<int> numbers)
    {
        _literals = literals;
        _isEmpty = numbers.Count == 0;
        var byFirst = new List<int>[256];
        foreach (var number in numbers)
        {
            var bytes = literals.BytesOf(number);
            var masks = literals.MaskOf(number);
            for (var first = 0; first < 256; first++)
            {
                if ((first | masks[0]) != bytes[0])
                {
                    continue;
                }

                (byFirst[first] ??= []).Add(number);
                for (var second = 0; second < 256; second++)
                {
                    if (bytes.Length == 1 || (second | masks[1]) == bytes[1])
                    {
                        var pair = first | second << 8;
                        _pairs[pair >> 6] |= 1UL << pair;
                    }
                }
            }
        }

        for (var i = 0; i < byFirst.Length; i++)
        {
            _byFirst[i] = byFirst[i]?.ToArray() ?? [];
        }
    }

    /// <summary>Tells the sink every occurrence.</summary>
    public void Scan<TSink>(ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        if (_isEmpty || payload.IsEmpty)
        {
            return;
        }

        ref var text = ref MemoryMarshal.GetReference(payload);
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        for (var at = 0; at < payload.Length - 1; at++)
        {
            var pair = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref text, at));
            if ((Unsafe.Add(ref pairs, pair >> 6) >> pair & 1) != 0)
            {
                Look(payload, at, ref sink);
            }
        }

        Look(payload, payload.Length - 1, ref sink);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look<TSink>(ReadOnlySpan<byte> payload, int at, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        foreach (var literal in _byFirst[payload[at]])
        {
            if (!sink.IsSettled(literal) && _literals.Matches(literal, payload, at))
            {
                sink.Found(literal, at);
            }
        }
    }
}
