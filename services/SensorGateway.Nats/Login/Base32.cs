namespace SensorGateway.Nats.Login;

/// <summary>Base32 in capital letters and without padding (RFC 4648), for short keys.</summary>
internal static class Base32
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Fills the target exactly. False for other letters, another length or bits left over that are not 0.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> target)
    {
        if (text.Length != ((target.Length * 8) + 4) / 5)
        {
            return false;
        }

        var (bits, held, written) = (0, 0, 0);
        foreach (var letter in text)
        {
            var value = letter switch
            {
                >= (byte)'A' and <= (byte)'Z' => letter - 'A',
                >= (byte)'2' and <= (byte)'7' => letter - '2' + 26,
                _ => -1,
            };
            if (value < 0)
            {
                return false;
            }

            bits = ((bits << 5) | value) & 0xFFF;
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                target[written++] = (byte)(bits >> held);
            }
        }

        return (bits & ((1 << held) - 1)) == 0;
    }

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        var (bits, held, written) = (0, 0, 0);
        foreach (var value in bytes)
        {
            bits = ((bits << 8) | value) & 0xFFFF;
            for (held += 8; held >= 5;)
            {
                held -= 5;
                text[written++] = Letters[(bits >> held) & 31];
            }
        }

        if (held > 0)
        {
            text[written] = Letters[(bits << (5 - held)) & 31];
        }

        return new string(text);
    }
}
