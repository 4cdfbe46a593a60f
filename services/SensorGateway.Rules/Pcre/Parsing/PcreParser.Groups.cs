namespace SensorGateway.Rules.Pcre.Parsing;

/// <content>What an opening parenthesis starts.</content>
internal sealed partial class PcreParser
{
    /// <returns>The group, or null for a mode switch such as <c>(?i)</c>.</returns>
    private PcreNode? ParseGroup(int start)
    {
        if (++_depth > GroupDepthMax)
        {
            throw Refuse(start, $"groups are nested more than {GroupDepthMax} deep", "flatten the pattern");
        }

        // Whatever a group switches holds until it closes; a bare (?i) sets _modes of the group around it.
        var outer = _modes;
        var group = _text.TryTake('?') ? ParseSpecialGroup(start) : ParsePlainGroup(start);
        _modes = group is null ? _modes : outer;
        _depth--;
        return group;
    }

    private PcreNode ParsePlainGroup(int start)
    {
        if (_text.Peek() == '*')
        {
            throw Refuse(
                start, "verbs such as (*SKIP) are not supported",
                "leave the verb out, or write the look-around as (?=...)");
        }

        if (Has(ParseModes.NoAutoCapture))
        {
            return ParseBody(start);
        }

        var index = _groups.Open(start, null);
        return new GroupNode(ParseBody(start), index, null);
    }

    private PcreNode? ParseSpecialGroup(int start)
    {
        switch ((char)_text.Peek())
        {
            case ':':
                _text.Position++;
                return ParseBody(start);
            case '>':
                _text.Position++;
                return new AtomicNode(ParseBody(start));
            case '=' or '!':
                return new LookNode(Negative: _text.Take() == '!', Ahead: true, Body: ParseBody(start));
            case '<':
                _text.Position++;
                return (char)_text.Peek() is '=' or '!' ? ParseLookBehind(start) : ParseNamedGroup(start, '>');
            case '\'':
                _text.Position++;
                return ParseNamedGroup(start, '\'');
            case 'P':
                _text.Position++;
                return ParsePythonGroup(start);
            case '(':
                _text.Position++;
                return ParseCondition(start);
            case '|':
                throw Refuse(
                    start, "branch reset (?|...) is not supported", "use (?:...) and give each group its own number");
            case 'C':
                throw Refuse(start, "callouts are not supported", "leave the callout out");
            case 'R' or '&' or '+' or (>= '0' and <= '9'):
                throw Subroutine(start);
            case '*':
                throw Refuse(start, "non-atomic look-arounds are not supported", "use (?=...) or (?<=...)");
            default:
                return ParseModeSwitch(start);
        }
    }

    private PcreNode ParseBody(int start)
    {
        var body = ParseAlternatives();
        return _text.TryTake(')')
            ? body
            : throw Refuse(start, "this group is not closed", @"add ')', or write \( for the character");
    }

    private GroupNode ParseNamedGroup(int start, char close)
    {
        var name = TakeName(close);
        var index = _groups.Open(start, name);
        return new GroupNode(ParseBody(start), index, name);
    }

    private PcreNode ParsePythonGroup(int start)
    {
        if (_text.TryTake('<'))
        {
            return ParseNamedGroup(start, '>');
        }

        if (_text.TryTake('='))
        {
            return Reference(_groups.Refer(start, TakeName(')')));
        }

        throw _text.Peek() == '>'
            ? Subroutine(start)
            : Refuse(start, "(?P is followed by nothing known", "write (?P<name>...) or (?P=name)");
    }

    private LookNode ParseLookBehind(int start)
    {
        var negative = _text.Take() == '!';
        if (_text.Peek() == '*')
        {
            throw Refuse(start, "non-atomic look-arounds are not supported", "use (?<=...)");
        }

        var body = ParseBody(start);
        LookBehind.Check(body, start);
        return new LookNode(body, Ahead: false, negative);
    }

    /// <summary>Mode letters, then ')' for the rest of the group around, or ':' and a body.</summary>
    private PcreNode? ParseModeSwitch(int start)
    {
        var modes = _modes;
        var removing = false;
        if (_text.TryTake('^'))
        {
            modes &= ~(ParseModes.NoCase | ParseModes.MultiLine | ParseModes.DotAll | ParseModes.Extended
                | ParseModes.ExtendedInClass | ParseModes.NoAutoCapture);
        }
        else if (_text.Peek() == '-' && char.IsAsciiDigit((char)_text.Peek(1)))
        {
            throw Subroutine(start);
        }

        while (!_text.AtEnd)
        {
            var letter = (char)_text.Take();
            switch (letter)
            {
                case ')':
                    _modes = modes;
                    return null;
                case ':':
                    _modes = modes;
                    return ParseBody(start);
                case '-' when !removing:
                    removing = true;
                    break;
                default:
                    var mode = ModeOf(start, letter);
                    modes = removing ? modes & ~mode : modes | mode;
                    break;
            }
        }

        throw Refuse(start, "this group is not closed", "add ')'");
    }

    private ParseModes ModeOf(int start, char letter) => letter switch
    {
        'i' => ParseModes.NoCase,
        's' => ParseModes.DotAll,
        'm' => ParseModes.MultiLine,
        'n' => ParseModes.NoAutoCapture,
        'U' => ParseModes.Ungreedy,
        'x' => _text.TryTake('x') ? ParseModes.Extended | ParseModes.ExtendedInClass : ParseModes.Extended,
        'J' => throw Refuse(start, "groups of the same name (?J) are not supported", "give each group its own name"),
        _ => throw Refuse(
            start, "(? is followed by nothing known",
            @"use (?:...), (?=...), (?<name>...) or a mode such as (?i); write \( for the character"),
    };
}
