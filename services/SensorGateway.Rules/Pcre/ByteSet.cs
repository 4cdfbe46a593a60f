using System.Numerics;
using System.Runtime.CompilerServices;

namespace SensorGateway.Rules.Pcre;

/// <summary>A set of bytes as 256 bits. Immutable; compared by value.</summary>
public readonly struct ByteSet : IEquatable<ByteSet>
{
    private readonly Bits _bits;

    private ByteSet(Bits bits) => _bits = bits;

    /// <summary>All 256 bytes.</summary>
    public static ByteSet All { get; } = new ByteSet().Complement();

    /// <summary>How many bytes are in the set.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _bits)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>True when the set holds <paramref name="value"/>.</summary>
    public bool Contains(byte value) => (_bits[value >> 6] >> (value & 63) & 1) != 0;

    /// <summary>A set of one byte.</summary>
    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>All bytes from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static ByteSet Range(byte first, byte last)
    {
        var bits = new Bits();
        for (int value = first; value <= last; value++)
        {
            bits[value >> 6] |= 1UL << (value & 63);
        }

        return new ByteSet(bits);
    }

    /// <summary>Bytes in either set.</summary>
    public ByteSet Union(ByteSet other)
    {
        var bits = _bits;
        for (var i = 0; i < Bits.Words; i++)
        {
            bits[i] |= other._bits[i];
        }

        return new ByteSet(bits);
    }

    /// <summary>Bytes in both sets.</summary>
    public ByteSet Intersect(ByteSet other)
    {
        var bits = _bits;
        for (var i = 0; i < Bits.Words; i++)
        {
            bits[i] &= other._bits[i];
        }

        return new ByteSet(bits);
    }

    /// <summary>Bytes not in the set.</summary>
    public ByteSet Complement()
    {
        var bits = _bits;
        for (var i = 0; i < Bits.Words; i++)
        {
            bits[i] = ~bits[i];
        }

        return new ByteSet(bits);
    }

    /// <summary>The set with the other case of each ASCII letter added.</summary>
    public ByteSet FoldCase()
    {
        const ulong letters = 0x07FF_FFFEUL; // Bits of A-Z within its 32-bit half; a-z lies 32 bits higher.
        var bits = _bits;
        var either = (bits[1] | bits[1] >> 32) & letters;
        bits[1] |= either | either << 32;
        return new ByteSet(bits);
    }

    /// <inheritdoc/>
    public bool Equals(ByteSet other)
    {
        for (var i = 0; i < Bits.Words; i++)
        {
            if (_bits[i] != other._bits[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_bits[0], _bits[1], _bits[2], _bits[3]);

    /// <summary>Value equality.</summary>
    public static bool operator ==(ByteSet left, ByteSet right) => left.Equals(right);

    /// <summary>Value inequality.</summary>
    public static bool operator !=(ByteSet left, ByteSet right) => !left.Equals(right);

    [InlineArray(Words)]
    private struct Bits
    {
        public const int Words = 4;

        private ulong _word;
    }
}
