namespace SensorGateway.TestKit.Gateway;

/// <summary>Payloads that carry who sent them and a number, so that losses, duplicates and order can be told.</summary>
/// <remarks>Text like <c>EVIL #03:0000012345# zyxw…-!</c>; writing and reading allocate nothing.</remarks>
public static class NumberedPayload
{
    /// <summary>Shortest payload.</summary>
    public const int BytesMin = 24;

    private const int NumberDigits = 10;

    /// <summary>Fills the whole span.</summary>
    public static void Write(Span<byte> payload, int sensor, long number, bool isEvil)
    {
        (isEvil ? "EVIL #"u8 : "fine #"u8).CopyTo(payload);
        WriteDigits(payload.Slice(6, 2), sensor);
        payload[8] = (byte)':';
        WriteDigits(payload.Slice(9, NumberDigits), number);
        "# "u8.CopyTo(payload[19..]);
        for (var i = 21; i < payload.Length; i++)
        {
            payload[i] = (byte)('z' - (i - 21) % 26);
        }

        "-!"u8.CopyTo(payload[^2..]);
    }

    /// <summary>Finds the marker anywhere, in a payload or in the alert about it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int sensor, out long number)
    {
        (sensor, number) = (0, 0);
        var at = text.IndexOf("IL #"u8);
        if (at < 0 || text.Length < at + 18)
        {
            return false;
        }

        sensor = (int)ReadDigits(text.Slice(at + 4, 2));
        number = ReadDigits(text.Slice(at + 7, NumberDigits));
        return true;
    }

    private static void WriteDigits(Span<byte> digits, long value)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }

    private static long ReadDigits(ReadOnlySpan<byte> digits)
    {
        var value = 0L;
        foreach (var digit in digits)
        {
            value = value * 10 + digit - '0';
        }

        return value;
    }
}
