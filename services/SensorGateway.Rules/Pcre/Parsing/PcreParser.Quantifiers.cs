namespace SensorGateway.Rules.Pcre.Parsing;

/// <content>Quantifiers.</content>
internal sealed partial class PcreParser
{
    /// <summary>Takes <c>* + ? {n} {n,} {n,m}</c>; a brace that is none of these is a character, <c>{,m}</c> too.</summary>
    private bool TryTakeQuantifier(out int min, out int max)
    {
        (min, max) = (char)_text.Peek() switch
        {
            '*' => (0, RepeatNode.Unbounded),
            '+' => (1, RepeatNode.Unbounded),
            '?' => (0, 1),
            _ => (-1, -1),
        };
        if (min >= 0)
        {
            _text.Position++;
            return true;
        }

        var start = _text.Position;
        if (TryTakeBraces(out min, out max))
        {
            return CheckBounds(start, min, max);
        }

        _text.Position = start;
        return false;
    }

    private bool TryTakeBraces(out int min, out int max)
    {
        (min, max) = (-1, -1);
        if (!_text.TryTake('{'))
        {
            return false;
        }

        min = max = _text.TakeNumber();
        if (_text.TryTake(','))
        {
            max = _text.TakeNumber();
            max = max < 0 ? RepeatNode.Unbounded : max;
        }

        return min >= 0 && _text.TryTake('}');
    }

    private static bool CheckBounds(int start, int min, int max)
    {
        if (min > RepeatMax || (max > RepeatMax && max != RepeatNode.Unbounded))
        {
            throw Refuse(start, $"this count is above {RepeatMax}", $"use at most {RepeatMax}, or no upper bound");
        }

        return max >= min ? true : throw Refuse(start, "the upper count is below the lower", "swap the two numbers");
    }

    private RepeatKind TakeRepeatKind()
    {
        while (TrySkipComment())
        {
            // PCRE2 lets comments and blanks stand before the + or ? as well.
        }

        if (_text.TryTake('+'))
        {
            return RepeatKind.Possessive;
        }

        return _text.TryTake('?') != Has(ParseModes.Ungreedy) ? RepeatKind.Lazy : RepeatKind.Greedy;
    }
}
