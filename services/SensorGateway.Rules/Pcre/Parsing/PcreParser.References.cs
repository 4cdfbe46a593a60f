namespace SensorGateway.Rules.Pcre.Parsing;

/// <content>References to groups.</content>
internal sealed partial class PcreParser
{
    private const int NameLengthMax = 32; // PCRE2's own limit.

    /// <summary>PCRE2's rule: one digit, 8 or 9 in front, or a group already opened; anything else is octal.</summary>
    private BackReferenceNode? TryParseNumberedReference(int start)
    {
        var first = _text.Position;
        var leading = _text.Peek();
        var number = _text.TakeNumber();
        if (number < 10 || leading >= '8' || number <= _groups.Count)
        {
            return Reference(_groups.Refer(start, number));
        }

        _text.Position = first;
        return null;
    }

    private BackReferenceNode ParseReferenceG(int start)
    {
        if ((char)_text.Peek() is '<' or '\'')
        {
            throw Subroutine(start);
        }

        var braced = _text.TryTake('{');
        if (TryParseGroupNumber(start) is not { } index)
        {
            return braced
                ? Reference(_groups.Refer(start, TakeName('}')))
                : throw Refuse(start, @"\g needs a group after it", @"write \g{1}, \g{-1} or \g{name}");
        }

        return !braced || _text.TryTake('}')
            ? Reference(_groups.Refer(start, index))
            : throw Refuse(start, "this brace is not closed", @"write \g{1}");
    }

    /// <summary>A number, or one relative to the groups opened so far; null when no number comes.</summary>
    private int? TryParseGroupNumber(int start)
    {
        var first = _text.Position;
        var sign = _text.TryTake('-') ? -1 : _text.TryTake('+') ? 1 : 0;
        var number = _text.TakeNumber();
        if (number < 0)
        {
            _text.Position = first;
            return sign == 0 ? null : throw Refuse(start, "a group number is missing here", @"write \g{-1}");
        }

        return sign switch
        {
            < 0 => _groups.Count + 1 - number,
            > 0 => _groups.Count + number,
            _ => number,
        };
    }

    private BackReferenceNode ParseReferenceK(int start)
    {
        var close = _text.AtEnd ? '\0' : (char)_text.Take() switch
        {
            '{' => '}',
            '<' => '>',
            '\'' => '\'',
            _ => '\0',
        };
        return close != '\0'
            ? Reference(_groups.Refer(start, TakeName(close)))
            : throw Refuse(start, @"\k needs a name after it", @"write \k<name>");
    }

    private string TakeName(char close)
    {
        var start = _text.Position;
        while (ByteSets.Word.Contains(_text.Peek()))
        {
            _text.Position++;
        }

        var name = _text.TextSince(start);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Length > NameLengthMax || !_text.TryTake(close))
        {
            throw Refuse(
                start, "this is no group name",
                $"use a letter, then letters, digits and _, at most {NameLengthMax}, then '{close}'");
        }

        return name;
    }

    private BackReferenceNode Reference(int index) => new(index, Has(ParseModes.NoCase));

    private static PcreRefusal Subroutine(int start) =>
        Refuse(
            start, "recursion and subroutine calls are not supported", "write the called group out where it is needed");
}
