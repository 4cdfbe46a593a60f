namespace SensorGateway.Rules.Pcre.Parsing;

/// <content>Classes in square brackets.</content>
internal sealed partial class PcreParser
{
    private ByteSetNode ParseClass(int start)
    {
        var negated = _text.TryTake('^');
        var set = new ByteSet();
        int? rangeStart = null; // A byte that may become the first of a range.
        var first = true;       // A ']' right after '[' or '[^' is a character.
        while (first || _quoting || _text.Peek() != ']' || _text.AtEnd)
        {
            if (_text.AtEnd)
            {
                throw Refuse(start, "this class is not closed", @"add ']', or write \[ for the character");
            }

            if (SkipIgnoredInClass())
            {
                continue;
            }

            first = false;
            var itemStart = _text.Position;
            if (rangeStart is { } low && TryTakeRangeHyphen())
            {
                set = set.Union(ParseRange(itemStart, (byte)low));
                rangeStart = null;
            }
            else if (TryParseClassSet(itemStart) is { } named)
            {
                set = set.Union(named);
                rangeStart = null;
            }
            else
            {
                var value = ParseClassByte(itemStart);
                set = set.Union(Fold(ByteSet.Of(value)));
                rangeStart = value;
            }
        }

        _text.Position++;
        return new ByteSetNode(negated ? set.Complement() : set);
    }

    /// <summary><c>[[:&lt;:]]</c> and <c>[[:&gt;:]]</c>: start and end of a word.</summary>
    private PcreNode? TryParseWordEdge()
    {
        var isStart = _text.TryTake("[[:<:]]"u8);
        if (!isStart && !_text.TryTake("[[:>:]]"u8))
        {
            return null;
        }

        var word = new LookNode(new ByteSetNode(ByteSets.Word), Ahead: isStart, Negative: false);
        return PcreNodes.Concat([new AnchorNode(AnchorKind.WordBoundary), word]);
    }

    private bool SkipIgnoredInClass()
    {
        if (_text.TryTake(@"\E"u8))
        {
            _quoting = false;
            return true;
        }

        if (_quoting)
        {
            return false;
        }

        if (_text.TryTake(@"\Q"u8))
        {
            _quoting = true;
            return true;
        }

        return Has(ParseModes.ExtendedInClass) && (_text.TryTake(' ') || _text.TryTake('\t'));
    }

    /// <summary>A hyphen means a range when something that is no set and no ']' follows; else it is a character.</summary>
    private bool TryTakeRangeHyphen()
    {
        var hyphen = _text.Position;
        if (_quoting || !_text.TryTake('-'))
        {
            return false;
        }

        while (SkipIgnoredInClass())
        {
            // [a-\Qz\E] is a range.
        }

        var isRange = _quoting || (_text.Peek() != ']' && !StartsSet());
        _text.Position = isRange ? _text.Position : hyphen;
        return isRange;
    }

    private bool StartsSet() =>
        (_text.Peek() == '\\' && ByteSets.OfEscape(_text.Peek(1)) is not null) || StartsPosix(out _);

    private ByteSet ParseRange(int hyphen, byte low)
    {
        if (_text.AtEnd)
        {
            throw Refuse(hyphen, "this class is not closed", @"add ']'");
        }

        var high = ParseClassByte(_text.Position);
        return high >= low
            ? Fold(ByteSet.Range(low, high))
            : throw Refuse(
                hyphen, "this range runs backwards", @"put the lower end first, or write \- for the character");
    }

    private byte ParseClassByte(int start)
    {
        var value = _text.Take();
        if (_quoting || value != '\\')
        {
            return value;
        }

        if (_text.AtEnd)
        {
            throw Refuse(start, "the pattern ends in a backslash", @"write \\ for the character");
        }

        if (TryParseByteEscape(start) is { } escaped)
        {
            return escaped;
        }

        var letter = _text.Take();
        return (char)letter switch
        {
            'b' => 0x08,
            '8' or '9' => letter, // No octal digits, so the characters themselves.
            'p' or 'P' => throw Refuse(
                start, "Unicode properties are not supported",
                "payloads are bytes; use a class such as [:alpha:] or A-Za-z"),
            'B' or 'N' or 'R' or 'X' => throw Refuse(
                start, $@"\{(char)letter} cannot stand in a class", "put it outside the brackets"),
            _ => throw UnknownEscape(start, letter),
        };
    }

    /// <summary><c>\d</c> and its like, or <c>[:name:]</c>; null, with nothing taken, for anything else.</summary>
    private ByteSet? TryParseClassSet(int start)
    {
        if (_quoting)
        {
            return null;
        }

        if (_text.Peek() == '\\' && ByteSets.OfEscape(_text.Peek(1)) is { } escape)
        {
            _text.Position += 2;
            return escape;
        }

        if (!StartsPosix(out var length))
        {
            return null;
        }

        _text.Position += length;
        var text = _text.TextSince(start);
        var negated = text.StartsWith("[:^", StringComparison.Ordinal);
        var name = text[(negated ? 3 : 2)..^2];
        var set = text[1] == ':' ? ByteSets.OfPosixName(name) : null;
        set = Has(ParseModes.NoCase) && name is "lower" or "upper" ? ByteSets.Letter : set;
        return set is null
            ? throw Refuse(start, $"'{text}' is no class", $"use one of {string.Join(", ", ByteSets.PosixNames)}")
            : negated ? set.Value.Complement() : set;
    }

    /// <summary>True for <c>[:name:]</c>, <c>[.x.]</c> and <c>[=x=]</c>; a '[' before anything else is a character.</summary>
    private bool StartsPosix(out int length)
    {
        length = 0;
        var mark = _text.Peek(1);
        if (_text.Peek() != '[' || (char)mark is not (':' or '.' or '='))
        {
            return false;
        }

        var ahead = _text.Peek(2) == '^' ? 3 : 2;
        while (char.IsAsciiLetter((char)_text.Peek(ahead)))
        {
            ahead++;
        }

        length = ahead + 2;
        return _text.Peek(ahead) == mark && _text.Peek(ahead + 1) == ']';
    }

    private ByteSet Fold(ByteSet set) => Has(ParseModes.NoCase) ? set.FoldCase() : set;
}
