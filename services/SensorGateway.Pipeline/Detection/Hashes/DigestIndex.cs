using System.Buffers.Binary;
using System.Numerics;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Hashes;

/// <summary>Finds which known digests equal a given one. Immutable; shared by all workers.</summary>
/// <remarks>
/// Open addressing over one array of structs: digest bits as a tag and the number of the digest; the digests themselves
/// stay where the rule set holds them. Nearly every payload is a miss, and a million digests outgrow the second-level
/// cache and its page table: so a blocked Bloom filter (Putze, Sanders and Singler, "Cache-, hash- and space-efficient
/// Bloom filters", 2007) of a byte per digest answers first. Its two bits of one word let 5 % of the misses pass.
/// </remarks>
internal sealed class DigestIndex
{
    private readonly ulong[] _slots; // Tag in the high half, digest number + 1 in the low half; 0 is free.
    private readonly int _mask;
    private readonly ulong[] _filter; // A power of two; two bits of one word for each digest.
    private readonly ReadOnlyMemory<byte>[] _sources;
    private readonly int[] _firstNumber; // Number of the first digest of each source, then the total.

    /// <param name="sources">Each a run of 32-byte digests; digests are numbered through all of them.</param>
    public DigestIndex(ReadOnlyMemory<byte>[] sources)
    {
        _sources = sources;
        _firstNumber = new int[sources.Length + 1];
        for (var i = 0; i < sources.Length; i++)
        {
            _firstNumber[i + 1] = _firstNumber[i] + sources[i].Length / HashList.DigestBytes;
        }

        // At most half full, so that probes stay short.
        _slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, _firstNumber[^1] * 2L))];
        _mask = _slots.Length - 1;
        _filter = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, _firstNumber[^1] / sizeof(ulong)))];
        var number = 0u;
        foreach (var source in sources)
        {
            for (var at = 0; at + HashList.DigestBytes <= source.Length; at += HashList.DigestBytes)
            {
                Insert(source.Span[at..], ++number);
            }
        }
    }

    /// <summary>How many digests, repeats included.</summary>
    public int Count => _firstNumber[^1];

    /// <summary>Starts a search; <see cref="Matches.MoveNext"/> walks every equal digest.</summary>
    public Matches Find(ReadOnlySpan<byte> digest) => new(this, digest);

    /// <summary>Which source holds a numbered digest, and where in it.</summary>
    public (int Source, int Place) PlaceOf(int number)
    {
        var source = 0;
        while (number >= _firstNumber[source + 1])
        {
            source++;
        }

        return (source, number - _firstNumber[source]);
    }

    private static (int Slot, ulong Tag) Split(ReadOnlySpan<byte> digest)
    {
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        return ((int)(bits & int.MaxValue), bits & 0xFFFF_FFFF_0000_0000);
    }

    /// <remarks>Of other digest bits than the slot and the tag.</remarks>
    private (int Word, ulong Bits) FilterOf(ReadOnlySpan<byte> digest)
    {
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(digest[sizeof(ulong)..]);
        return ((int)(bits >> 32) & (_filter.Length - 1), (1UL << (int)bits) | (1UL << (int)(bits >> 6)));
    }

    private bool MayHold(ReadOnlySpan<byte> digest)
    {
        var (word, bits) = FilterOf(digest);
        return (_filter[word] & bits) == bits;
    }

    private void Insert(ReadOnlySpan<byte> digest, uint numberPlusOne)
    {
        var (word, bits) = FilterOf(digest);
        _filter[word] |= bits;
        var (slot, tag) = Split(digest);
        while (_slots[slot & _mask] != 0)
        {
            slot++;
        }

        _slots[slot & _mask] = tag | numberPlusOne;
    }

    /// <summary>A walk over the digests equal to one.</summary>
    public ref struct Matches
    {
        private readonly DigestIndex _index;
        private readonly ReadOnlySpan<byte> _digest;
        private readonly ulong _tag;
        private readonly bool _isOver;
        private int _slot;

        internal Matches(DigestIndex index, ReadOnlySpan<byte> digest)
        {
            _index = index;
            _digest = digest;
            _isOver = !index.MayHold(digest);
            (_slot, _tag) = Split(digest);
        }

        /// <summary>Which source holds the digest found.</summary>
        public int Source { get; private set; }

        /// <summary>Its number, counted through all sources.</summary>
        public int Number { get; private set; }

        /// <summary>Advances to the next equal digest; false when there is none.</summary>
        public bool MoveNext()
        {
            while (!_isOver)
            {
                var cell = _index._slots[_slot & _index._mask];
                if (cell == 0)
                {
                    return false;
                }

                _slot++;
                if ((cell & 0xFFFF_FFFF_0000_0000) != _tag)
                {
                    continue;
                }

                Number = (int)(uint)cell - 1;
                var (source, place) = _index.PlaceOf(Number);
                Source = source;
                var digests = _index._sources[source].Span;
                if (digests.Slice(place * HashList.DigestBytes, HashList.DigestBytes).SequenceEqual(_digest))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
