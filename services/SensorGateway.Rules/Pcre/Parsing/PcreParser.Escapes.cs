namespace SensorGateway.Rules.Pcre.Parsing;

/// <content>What a backslash starts, outside classes.</content>
internal sealed partial class PcreParser
{
    private static readonly ByteSet Newlines = ByteSets.VerticalSpace;

    private PcreNode ParseEscape(int start)
    {
        if (_text.AtEnd)
        {
            throw Refuse(start, "the pattern ends in a backslash", @"write \\ for the character");
        }

        var letter = _text.Peek();
        if (ByteSets.OfEscape(letter) is { } set)
        {
            _text.Position++;
            return new ByteSetNode(set);
        }

        if (letter is >= (byte)'1' and <= (byte)'9' && TryParseNumberedReference(start) is { } reference)
        {
            return reference;
        }

        if (TryParseByteEscape(start) is { } value)
        {
            return Literal(value);
        }

        _text.Position++;
        return (char)letter switch
        {
            'A' or 'G' => new AnchorNode(AnchorKind.Start),
            'Z' => new AnchorNode(AnchorKind.EndOrFinalNewline),
            'z' => new AnchorNode(AnchorKind.End),
            'b' => new AnchorNode(AnchorKind.WordBoundary),
            'B' => new AnchorNode(AnchorKind.NotWordBoundary),
            'C' => new ByteSetNode(ByteSet.All),
            'N' => ParseNotNewline(start),
            'R' => new AtomicNode(new AlternateNode(
                [PcreNodes.Concat([PcreNodes.Byte((byte)'\r'), PcreNodes.Byte((byte)'\n')]), new ByteSetNode(Newlines)])),
            'g' => ParseReferenceG(start),
            'k' => ParseReferenceK(start),
            'K' => throw Refuse(start, @"\K is not supported", "use a look-behind (?<=...) for what must come before"),
            'X' => throw Refuse(start, @"\X is not supported", "payloads are bytes; write the bytes you mean"),
            'p' or 'P' => throw Refuse(
                start, "Unicode properties are not supported",
                "payloads are bytes; use a class such as [[:alpha:]] or [A-Za-z]"),
            _ => throw UnknownEscape(start, letter),
        };
    }

    private static PcreRefusal UnknownEscape(int start, byte letter) => Refuse(
        start, $@"\{(char)letter} means nothing in PCRE",
        $@"write {(char)letter} for the character, or \\{(char)letter} for a backslash before it");

    private ByteSetNode ParseNotNewline(int start)
    {
        if (_text.Peek() == '{')
        {
            var brace = _text.Position;
            var isCount = TryTakeQuantifier(out _, out _);
            _text.Position = brace;
            if (!isCount)
            {
                throw Refuse(start, @"\N{...} is not supported", @"write the bytes as \xHH");
            }
        }

        return new ByteSetNode(ByteSets.NotNewline);
    }

    /// <summary>An escape that stands for one byte, in classes too; null, with nothing taken, for any other.</summary>
    private byte? TryParseByteEscape(int start)
    {
        var letter = _text.Peek();
        if (letter >= 0x80 || !char.IsAsciiLetterOrDigit((char)letter))
        {
            return _text.Take();
        }

        byte? simple = (char)letter switch
        {
            'a' => 0x07,
            'e' => 0x1B,
            'f' => 0x0C,
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 0x09,
            _ => null,
        };
        if (simple is not null)
        {
            _text.Position++;
            return simple;
        }

        return (char)letter switch
        {
            >= '0' and <= '7' => ParseOctal(start),
            'c' => ParseControl(start),
            'o' => ParseBracedOctal(start),
            'x' => ParseHex(start),
            _ => null,
        };
    }

    private byte ParseOctal(int start)
    {
        var value = 0;
        for (var digits = 0; digits < 3 && (char)_text.Peek() is >= '0' and <= '7'; digits++)
        {
            value = value * 8 + _text.Take() - '0';
        }

        return InByte(start, value);
    }

    private byte ParseControl(int start)
    {
        _text.Position++;
        var letter = _text.Peek();
        if (letter is < 0x20 or > 0x7E)
        {
            throw Refuse(start, @"\c needs a printable ASCII character after it", @"write \cA to \cZ, or \xHH");
        }

        _text.Position++;
        return (byte)(char.ToUpperInvariant((char)letter) ^ 0x40);
    }

    private byte ParseBracedOctal(int start)
    {
        _text.Position++;
        return _text.TryTake('{')
            ? ParseBraced(start, 8, "octal")
            : throw Refuse(start, @"\o needs braces", @"write \o{101}");
    }

    private byte ParseHex(int start)
    {
        _text.Position++;
        if (_text.TryTake('{'))
        {
            return ParseBraced(start, 16, "hexadecimal");
        }

        var value = 0;
        for (var digits = 0; digits < 2 && char.IsAsciiHexDigit((char)_text.Peek()); digits++)
        {
            value = value * 16 + Convert.ToInt32(((char)_text.Take()).ToString(), 16);
        }

        return (byte)value;
    }

    private byte ParseBraced(int start, int radix, string digitKind)
    {
        var first = _text.Position;
        var value = 0;
        while (char.IsAsciiHexDigit((char)_text.Peek()))
        {
            var digit = Convert.ToInt32(((char)_text.Take()).ToString(), 16);
            value = digit < radix ? Math.Min(value * radix + digit, 0x1_0000) : throw NotBraced(start, digitKind);
        }

        return _text.Position > first && _text.TryTake('}') ? InByte(start, value) : throw NotBraced(start, digitKind);
    }

    private static PcreRefusal NotBraced(int start, string digitKind) =>
        Refuse(start, $"these braces need {digitKind} digits and a '}}'", @"write \x{41} or \o{101}");

    private static byte InByte(int start, int value) => value <= byte.MaxValue
        ? (byte)value
        : throw Refuse(start, "this number is more than one byte", @"write each byte of its UTF-8 form as \xHH");
}
