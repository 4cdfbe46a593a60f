using System.Runtime.InteropServices;

namespace SensorGateway.Rules.Literals;

/// <summary>A byte string that a part of a pattern matches, with what is known of the case of its letters.</summary>
/// <param name="Bytes">Letters that may be of either case are lower case.</param>
/// <param name="HasEitherCase">Some letter may be of either case.</param>
/// <param name="HasOneCase">Some letter must be of the case written.</param>
internal readonly record struct FoldedText(byte[] Bytes, bool HasEitherCase, bool HasOneCase)
{
    public static FoldedText Empty { get; } = new([], false, false);

    /// <summary>False when looking for it, folded as a whole, finds more than the pattern means.</summary>
    public bool IsExact => !(HasEitherCase && HasOneCase);

    public FoldedText Then(FoldedText next) =>
        new([.. Bytes, .. next.Bytes], HasEitherCase || next.HasEitherCase, HasOneCase || next.HasOneCase);

    public RequiredLiteral ToLiteral() =>
        new(ImmutableCollectionsMarshal.AsImmutableArray(HasEitherCase ? Lower(Bytes) : Bytes), HasEitherCase);

    public static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    public static byte[] Lower(ReadOnlySpan<byte> bytes)
    {
        var lower = new byte[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            lower[i] = Lower(bytes[i]);
        }

        return lower;
    }
}
