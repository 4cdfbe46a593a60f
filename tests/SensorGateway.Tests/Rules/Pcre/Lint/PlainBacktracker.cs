using System.Collections.Immutable;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Pcre.Lint;

/// <summary>The plainest backtracking matcher there is; counts its steps. Knows no references and conditions.</summary>
internal sealed class PlainBacktracker(byte[] text, long stepsMax)
{
    public long Steps { get; private set; }

    /// <summary>Searches for a match at every start; false also when it gave up.</summary>
    public bool Search(PcreNode root)
    {
        for (var start = 0; start <= text.Length; start++)
        {
            if (Match(root, start, _ => true))
            {
                return true;
            }
        }

        return false;
    }

    private bool Match(PcreNode node, int at, Func<int, bool> next)
    {
        if (++Steps > stepsMax)
        {
            return false;
        }

        switch (node)
        {
            case ByteSetNode bytes:
                return at < text.Length && bytes.Set.Contains(text[at]) && next(at + 1);
            case ConcatNode concat:
                return Sequence(concat.Parts, 0, at, next);
            case AlternateNode alternate:
                return alternate.Options.Any(option => Match(option, at, next));
            case GroupNode group:
                return Match(group.Body, at, next);
            case RepeatNode repeat:
                return Repeat(repeat, 0, at, next);
            case LookNode { Ahead: true } look:
                return Match(look.Body, at, _ => true) != look.Negative && Steps <= stepsMax && next(at);
            case AnchorNode { Kind: AnchorKind.Start }:
                return at == 0 && next(at);
            case AnchorNode:
                return at == text.Length && next(at);
            default:
                return next(at);
        }
    }

    private bool Sequence(ImmutableArray<PcreNode> parts, int part, int at, Func<int, bool> next) =>
        part == parts.Length ? next(at) : Match(parts[part], at, then => Sequence(parts, part + 1, then, next));

    private bool Repeat(RepeatNode repeat, int done, int at, Func<int, bool> next)
    {
        if (done < repeat.Max && Match(repeat.Body, at, then => (then > at || done < repeat.Min) && Repeat(repeat, done + 1, then, next)))
        {
            return true;
        }

        return done >= repeat.Min && next(at);
    }
}
