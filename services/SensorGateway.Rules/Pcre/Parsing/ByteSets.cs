namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>The sets that escapes and POSIX names stand for; ASCII only, as PCRE's default tables.</summary>
internal static class ByteSets
{
    public static ByteSet Digit { get; } = Range('0', '9');

    public static ByteSet Letter { get; } = Range('A', 'Z').Union(Range('a', 'z'));

    public static ByteSet Word { get; } = Letter.Union(Digit).Union(ByteSet.Of((byte)'_'));

    public static ByteSet Blank { get; } = ByteSet.Of((byte)'\t').Union(ByteSet.Of((byte)' '));

    public static ByteSet Space { get; } = Range('\t', '\r').Union(ByteSet.Of((byte)' '));

    /// <summary><c>\h</c>: with the no-break space of Latin-1.</summary>
    public static ByteSet HorizontalSpace { get; } = Blank.Union(ByteSet.Of(0xA0));

    /// <summary><c>\v</c>: with the next-line byte of Latin-1.</summary>
    public static ByteSet VerticalSpace { get; } = Range('\n', '\r').Union(ByteSet.Of(0x85));

    public static ByteSet NotNewline { get; } = ByteSet.Of((byte)'\n').Complement();

    /// <summary>All names that <see cref="OfPosixName"/> knows.</summary>
    public static IReadOnlyList<string> PosixNames { get; } =
    [
        "alpha", "digit", "alnum", "upper", "lower", "punct", "space", "blank", "xdigit", "cntrl", "graph", "print", "ascii",
        "word",
    ];

    /// <summary>The set of a type escape such as <c>\d</c>, or null for any other letter.</summary>
    public static ByteSet? OfEscape(byte letter) => (char)letter switch
    {
        'd' => Digit,
        'D' => Digit.Complement(),
        'w' => Word,
        'W' => Word.Complement(),
        's' => Space,
        'S' => Space.Complement(),
        'h' => HorizontalSpace,
        'H' => HorizontalSpace.Complement(),
        'v' => VerticalSpace,
        'V' => VerticalSpace.Complement(),
        _ => null,
    };

    /// <summary>The set of a POSIX class name, or null for an unknown one.</summary>
    public static ByteSet? OfPosixName(string name) => name switch
    {
        "alpha" => Letter,
        "lower" => Range('a', 'z'),
        "upper" => Range('A', 'Z'),
        "alnum" => Letter.Union(Digit),
        "ascii" => Range('\0', '\x7F'),
        "blank" => Blank,
        "cntrl" => Range('\0', '\x1F').Union(ByteSet.Of(0x7F)),
        "digit" => Digit,
        "graph" => Range('!', '~'),
        "print" => Range(' ', '~'),
        "punct" => Range('!', '~').Intersect(Letter.Union(Digit).Complement()),
        "space" => Space,
        "word" => Word,
        "xdigit" => Digit.Union(Range('A', 'F')).Union(Range('a', 'f')),
        _ => null,
    };

    private static ByteSet Range(char first, char last) => ByteSet.Range((byte)first, (byte)last);
}
