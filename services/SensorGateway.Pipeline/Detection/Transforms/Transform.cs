using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>Decodes a payload in one pass. Output is never longer than input; nothing is allocated.</summary>
/// <remarks>
/// What is not well-formed stays as it is: a decoder that refused a payload would hide what else is in it.
/// </remarks>
internal static class Transform
{
    /// <summary>There was nothing to decode: the output is the input, and was not written.</summary>
    public const int Unchanged = -1;

    /// <summary>Applies one step.</summary>
    /// <param name="step">Which.</param>
    /// <param name="input">What to decode.</param>
    /// <param name="output">At least as long as the input, and apart from it.</param>
    /// <returns>Bytes written, or <see cref="Unchanged"/>.</returns>
    public static int Apply(TransformStep step, ReadOnlySpan<byte> input, Span<byte> output) => step switch
    {
        TransformStep.UrlDecode => UrlDecode.Apply(input, output),
        TransformStep.HtmlDecode => HtmlDecode.Apply(input, output),
        TransformStep.Lowercase => Lowercase.Apply(input, output),
        TransformStep.Base64Decode => Base64Decode.Apply(input, output),
        TransformStep.Utf16ToBytes => Utf16ToBytes.Apply(input, output),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "no such transform"),
    };

    /// <summary>Value of a hexadecimal digit; above 15 for any other byte.</summary>
    public static int HexValue(byte digit) =>
        char.IsAsciiHexDigit((char)digit) ? (digit & 0xF) + (digit > '9' ? 9 : 0) : 0x100;
}
