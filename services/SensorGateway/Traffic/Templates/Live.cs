namespace SensorGateway.Traffic.Templates;

/// <summary>
/// The language of a payload template: a character below U+0100 is a byte; the characters named here stand for a byte
/// that is drawn anew for every payload.
/// </summary>
internal static class Live
{
    /// <summary>0-9.</summary>
    public const char Digit = '\u24D3';

    /// <summary>1-9: the first digit of a number.</summary>
    public const char FirstDigit = '\u2460';

    /// <summary>0-5: tens of minutes and seconds.</summary>
    public const char TensDigit = '\u2464';

    /// <summary>0-9, a-f.</summary>
    public const char Hex = '\u24D7';

    /// <summary>Any byte.</summary>
    public const char AnyByte = '\u24D1';

    /// <summary>A byte below 0x40: the high byte of a reading or address, out of the ranges that rules watch.</summary>
    public const char LowByte = '\u24D0';

    /// <summary>A-Z, 2-7.</summary>
    public const char Base32 = '\u24DA';

    /// <summary>A-Z, a-z, 0-9.</summary>
    public const char Base62 = '\u24E9';

    /// <summary>Where a marker goes when the payload is to carry one; otherwise nothing.</summary>
    public const char Marker = '\u24DC';

    /// <summary>40000 to 49999: a port or packet id.</summary>
    public static readonly string HighNumber = "4" + Many(Digit, 4);

    /// <summary>A number of <paramref name="digits"/> digits that does not begin with 0.</summary>
    public static string Number(int digits) => FirstDigit + new string(Digit, digits - 1);

    /// <summary><paramref name="count"/> times the same kind of byte.</summary>
    public static string Many(char live, int count) => new(live, count);

    /// <summary>The bytes that a live character is drawn from; empty for the marker and for plain bytes.</summary>
    public static ReadOnlySpan<byte> Alphabet(char live) => live switch
    {
        Digit => "0123456789"u8,
        FirstDigit => "123456789"u8,
        TensDigit => "012345"u8,
        Hex => "0123456789abcdef"u8,
        Base32 => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8,
        Base62 => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8,
        _ => [],
    };
}
