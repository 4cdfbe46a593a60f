using System.Buffers.Text;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>Each run of base64 characters that is long enough becomes its bytes, in its place; the rest stays.</summary>
/// <remarks>
/// A run ends at the first byte outside the alphabets (<c>+ /</c> or <c>- _</c>), and takes the padding that belongs to
/// it. Whether it was meant as base64 cannot be told, so every run of <see cref="RunBytesMin"/> characters is decoded:
/// rules that want the text around it look at the payload as it came. A last character that makes no byte is dropped.
/// </remarks>
internal static class Base64Decode
{
    /// <summary>Shorter runs, padding included, are left alone: most words and numbers are such.</summary>
    public const int RunBytesMin = 16;

    private const byte Other = 0xFF;

    private static readonly byte[] Values = MakeValues();

    public static int Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var written = 0;
        var copied = 0; // Everything before this is in the output.
        for (var at = 0; at < input.Length; at++)
        {
            if (Values[input[at]] == Other)
            {
                continue;
            }

            var start = at;
            while (at < input.Length && Values[input[at]] != Other)
            {
                at++;
            }

            var end = at;
            var padding = -(end - start) & 3;
            while (at < input.Length && at - end < Math.Min(padding, 2) && input[at] == '=')
            {
                at++;
            }

            if (at - start < RunBytesMin)
            {
                at = end; // The byte there ends the run; the loop passes over it.
                continue;
            }

            input[copied..start].CopyTo(output[written..]);
            written += start - copied;
            written += Decode(input[start..end], output[written..]);
            copied = at;
            at--;
        }

        if (copied == 0)
        {
            return Transform.Unchanged;
        }

        input[copied..].CopyTo(output[written..]);
        return written + input.Length - copied;
    }

    private static int Decode(ReadOnlySpan<byte> run, Span<byte> output)
    {
        // The framework's decoder is vectorised but knows one alphabet; it stops where the other begins.
        Base64.DecodeFromUtf8(run[..(run.Length & ~3)], output, out var taken, out var written, isFinalBlock: false);
        var bits = 0;
        var pending = 0;
        foreach (var character in run[taken..])
        {
            pending = pending << 6 | Values[character];
            bits += 6;
            if (bits >= 8)
            {
                bits -= 8;
                output[written++] = (byte)(pending >> bits);
            }
        }

        return written;
    }

    private static byte[] MakeValues()
    {
        var values = new byte[256];
        values.AsSpan().Fill(Other);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        for (var i = 0; i < alphabet.Length; i++)
        {
            values[alphabet[i]] = (byte)i;
        }

        values['-'] = values['+'];
        values['_'] = values['/'];
        return values;
    }
}
