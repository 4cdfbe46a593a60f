namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>Reads PCRE2 syntax in byte mode by recursive descent into a tree without modes.</summary>
/// <remarks>
/// Depth is bounded by <see cref="GroupDepthMax"/>: only groups recurse. What PCRE2 10.42 refuses is refused here too,
/// except a hyphen beside <c>\w</c> in a class, which Perl and PCRE1 take literally, as rule writers expect.
/// </remarks>
internal sealed partial class PcreParser
{
    /// <summary>PCRE2's own default limit.</summary>
    public const int GroupDepthMax = 200;

    /// <summary>PCRE2's own limit of a quantifier.</summary>
    public const int RepeatMax = 65_535;

    private readonly PatternCursor _text;
    private readonly GroupTable _groups;
    private readonly Dictionary<RepeatNode, int>? _places;
    private ParseModes _modes;
    private bool _quoting; // Between \Q and \E.
    private int _depth;

    private PcreParser(byte[] pattern, PcreModes flags, GroupTable groups, Dictionary<RepeatNode, int>? places)
    {
        _text = new PatternCursor(pattern);
        _modes = (ParseModes)flags;
        _groups = groups;
        _places = places;
    }

    /// <param name="pattern">Bytes of the pattern.</param>
    /// <param name="flags">Modes given beside it.</param>
    /// <param name="places">Takes where the quantifier of each repeat stands; compares by reference.</param>
    /// <exception cref="PcreRefusal">The pattern is wrong, or uses what cannot be translated.</exception>
    public static PcreNode Parse(byte[] pattern, PcreModes flags, Dictionary<RepeatNode, int>? places = null)
    {
        var groups = new GroupTable();
        var root = new PcreParser(pattern, flags, groups, places).ParseAll();
        if (groups.HasForwardNames)
        {
            // A name used before its group: read again with all names known.
            groups.Restart();
            root = new PcreParser(pattern, flags, groups, places).ParseAll();
        }

        groups.CheckReferences();
        return root;
    }

    private PcreNode ParseAll()
    {
        var root = ParseAlternatives();
        return _text.AtEnd
            ? root
            : throw Refuse(_text.Position, "this ')' closes nothing", @"open the group, or write \) for the character");
    }

    private PcreNode ParseAlternatives()
    {
        var options = new List<PcreNode>();
        do
        {
            options.Add(ParseSequence());
        }
        while (_text.TryTake('|'));

        return PcreNodes.Alternate(options);
    }

    private PcreNode ParseSequence()
    {
        var parts = new List<PcreNode>();
        var repeatable = false;
        while (true)
        {
            SkipIgnored();
            if (_text.AtEnd || (!_quoting && (char)_text.Peek() is '|' or ')'))
            {
                return PcreNodes.Concat(parts);
            }

            var start = _text.Position;
            if (!_quoting && TryTakeQuantifier(out var min, out var max))
            {
                if (!repeatable)
                {
                    throw Refuse(
                        start, "this quantifier has nothing to repeat",
                        "put it after a character, class or group, or escape it");
                }

                var repeat = new RepeatNode(parts[^1], min, max, TakeRepeatKind());
                _places?.Add(repeat, start);
                parts[^1] = repeat;
                repeatable = false;
            }
            else if (!_quoting && TryParseWordEdge() is { } edge)
            {
                parts.Add(edge);
                repeatable = false;
            }
            else if (ParseItem() is { } item)
            {
                parts.Add(item);
                repeatable = item is not AnchorNode || _text.ByteAt(start) == '(';
            }
            else
            {
                repeatable = false; // A mode switch such as (?i).
            }
        }
    }

    private PcreNode? ParseItem()
    {
        var start = _text.Position;
        var next = _text.Take();
        if (_quoting)
        {
            return Literal(next);
        }

        return (char)next switch
        {
            '.' => new ByteSetNode(Has(ParseModes.DotAll) ? ByteSet.All : ByteSets.NotNewline),
            '^' => new AnchorNode(Has(ParseModes.MultiLine) ? AnchorKind.LineStart : AnchorKind.Start),
            '$' => new AnchorNode(Has(ParseModes.MultiLine) ? AnchorKind.LineEnd : AnchorKind.EndOrFinalNewline),
            '[' => ParseClass(start),
            '(' => ParseGroup(start),
            '\\' => ParseEscape(start),
            _ => Literal(next),
        };
    }

    /// <summary>Passes over everything that is no item and leaves the item before it repeatable.</summary>
    private void SkipIgnored()
    {
        while (!_text.AtEnd)
        {
            if (_text.TryTake(@"\E"u8))
            {
                _quoting = false;
            }
            else if (_quoting)
            {
                return;
            }
            else if (_text.TryTake(@"\Q"u8))
            {
                _quoting = true;
            }
            else if (!TrySkipComment())
            {
                return;
            }
        }
    }

    /// <summary>Passes over <c>(?#…)</c>, and in extended mode over a blank or a comment to the end of the line.</summary>
    private bool TrySkipComment()
    {
        if (_text.StartsWith("(?#"u8))
        {
            var length = _text.DistanceTo(')');
            _text.Position += length >= 0
                ? length + 1
                : throw Refuse(_text.Position, "this comment is not closed", "end it with ')'");
            return true;
        }

        if (!Has(ParseModes.Extended))
        {
            return false;
        }

        if (_text.TryTake('#'))
        {
            var length = _text.DistanceTo('\n');
            _text.Position += length < 0 ? _text.DistanceToEnd : length + 1;
            return true;
        }

        var isSpace = !_text.AtEnd && ByteSets.Space.Contains(_text.Peek());
        _text.Position += isSpace ? 1 : 0;
        return isSpace;
    }

    private ByteSetNode Literal(byte value) => PcreNodes.Byte(value, Has(ParseModes.NoCase));

    private bool Has(ParseModes mode) => (_modes & mode) != 0;

    private static PcreRefusal Refuse(int byteOffset, string problem, string fix) => new(byteOffset, problem, fix);
}
