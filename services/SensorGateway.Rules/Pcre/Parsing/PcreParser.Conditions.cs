namespace SensorGateway.Rules.Pcre.Parsing;

/// <content><c>(?(…)yes|no)</c>.</content>
internal sealed partial class PcreParser
{
    private PcreNode ParseCondition(int start)
    {
        if (_text.Peek() == '?')
        {
            return ParseLookCondition(start);
        }

        var index = TryParseGroupNumber(start) is { } number
            ? _groups.Refer(start, TakeClose(start, number))
            : _groups.Refer(start, TakeConditionName(start));
        var (yes, no) = ParseBranches(start);
        return new ConditionNode(index, yes, no);
    }

    private int TakeClose(int start, int number) => _text.TryTake(')')
        ? number
        : throw Refuse(start, "this condition is not closed", "write (?(1)yes|no)");

    private string TakeConditionName(int start)
    {
        if (_text.Peek() == 'R' || _text.StartsWith("DEFINE)"u8) || _text.StartsWith("VERSION"u8))
        {
            throw Refuse(
                start, "conditions on recursion, DEFINE and VERSION are not supported", "use a group number or name");
        }

        var close = _text.TryTake('<') ? '>' : _text.TryTake('\'') ? '\'' : ')';
        var name = TakeName(close);
        return close == ')' || _text.TryTake(')')
            ? name
            : throw Refuse(start, "this condition is not closed", "write (?(<name>)yes|no)");
    }

    /// <summary>A look-around as condition: yes after it, or no after its opposite.</summary>
    private AlternateNode ParseLookCondition(int start)
    {
        var lookStart = _text.Position - 1;
        if (ParseGroup(lookStart) is not LookNode look)
        {
            throw Refuse(
                start, "this condition is neither a group nor a look-around", "write (?(1)yes|no) or (?(?=...)yes|no)");
        }

        var (yes, no) = ParseBranches(start);
        return new AlternateNode(
            [PcreNodes.Concat([look, yes]), PcreNodes.Concat([look with { Negative = !look.Negative }, no])]);
    }

    private (PcreNode Yes, PcreNode No) ParseBranches(int start)
    {
        var yes = ParseSequence();
        var no = _text.TryTake('|') ? ParseSequence() : PcreNodes.Empty;
        if (_text.Peek() == '|')
        {
            throw Refuse(
                _text.Position, "a condition has at most two branches", "group the alternatives: (?(1)(?:a|b)|c)");
        }

        return _text.TryTake(')')
            ? (yes, no)
            : throw Refuse(start, "this condition is not closed", "add ')'");
    }
}
