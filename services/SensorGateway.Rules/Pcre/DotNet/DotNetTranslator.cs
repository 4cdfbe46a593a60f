using System.Globalization;
using System.Text;
using SensorGateway.Rules.Pcre.Parsing;

namespace SensorGateway.Rules.Pcre.DotNet;

/// <summary>Writes a tree as a .NET pattern that needs no options but CultureInvariant.</summary>
/// <remarks>Groups that nothing refers to are written without capture: .NET runs those faster.</remarks>
internal sealed class DotNetTranslator
{
    private const int OutputCharsMax = 4 << 20;

    private readonly StringBuilder _output = new();
    private readonly Dictionary<int, PcreNode> _groups = [];
    private readonly HashSet<int> _referred = [];

    private DotNetTranslator(PcreNode root)
    {
        foreach (var node in PcreNodes.Walk(root))
        {
            switch (node)
            {
                case GroupNode group:
                    _groups[group.Index] = group.Body;
                    break;
                case BackReferenceNode reference:
                    _referred.Add(reference.Index);
                    break;
                case ConditionNode condition:
                    _referred.Add(condition.Index);
                    break;
            }
        }
    }

    /// <summary>How tightly the text must hold together where it stands.</summary>
    private enum Binding
    {
        /// <summary>Bare alternatives may stand here.</summary>
        Loose,

        /// <summary>Part of a sequence.</summary>
        Sequence,

        /// <summary>A quantifier follows.</summary>
        Unit,
    }

    /// <exception cref="PcreRefusal">The tree has no safe form in .NET.</exception>
    public static string Translate(PcreNode root)
    {
        var translator = new DotNetTranslator(root);
        translator.Write(root, Binding.Loose, byteFollows: false);
        return translator._output.ToString();
    }

    /// <param name="node">What to write.</param>
    /// <param name="binding">How tightly.</param>
    /// <param name="byteFollows">True when every match takes at least one more byte after this node.</param>
    private void Write(PcreNode node, Binding binding, bool byteFollows)
    {
        if (_output.Length > OutputCharsMax)
        {
            throw new PcreRefusal(0, "this pattern grows too large for .NET", "split it into several rules");
        }

        switch (node)
        {
            case ByteSetNode bytes:
                DotNetClass.Append(_output, bytes.Set);
                break;
            case EmptyNode when binding != Binding.Unit:
                break;
            case RepeatNode { Kind: RepeatKind.Possessive } repeat:
                Wrap("(?>", () => WriteRepeat(repeat, byteFollows));
                break;
            case GroupNode group when _referred.Contains(group.Index):
                Wrap(Numbered("(?<", group.Index, '>'), () => Write(group.Body, Binding.Loose, byteFollows));
                break;
            case GroupNode group:
                Write(group.Body, binding, byteFollows);
                break;
            case AtomicNode atomic:
                Wrap("(?>", () => Write(atomic.Body, Binding.Loose, byteFollows));
                break;
            case LookNode look:
                Wrap(LookOpening(look), () => Write(look.Body, Binding.Loose, byteFollows: false));
                break;
            case BackReferenceNode reference:
                // Folding here touches ASCII alone: private-use characters have no case.
                _output.Append(CultureInfo.InvariantCulture, $"(?{(reference.NoCase ? "i" : "")}:\\k<{reference.Index}>)");
                break;
            case ConditionNode condition:
                Wrap(Numbered("(?(", condition.Index, ')'), () => WriteBranches(condition, byteFollows));
                break;
            case AlternateNode alternate when binding == Binding.Loose:
                WriteOptions(alternate, byteFollows);
                break;
            case ConcatNode concat when binding != Binding.Unit:
                WriteSequence(concat, byteFollows);
                break;
            case RepeatNode { Kind: RepeatKind.Lazy, Max: > 0 } lazy
                when binding != Binding.Unit && ByteLength.Of(lazy.Body).Min == 0:
                WriteWithoutEmptyTurns(lazy, byteFollows);
                break;
            case RepeatNode repeat when binding != Binding.Unit:
                WriteRepeat(repeat, byteFollows);
                break;
            case AnchorNode anchor when binding != Binding.Unit:
                _output.Append(AnchorText(anchor.Kind, byteFollows));
                break;
            default:
                Wrap("(?:", () => Write(node, Binding.Loose, byteFollows));
                break;
        }
    }

    /// <summary>Writes a lazy repeat so that no lazy turn matches nothing; <see cref="NonEmpty"/> says why.</summary>
    private void WriteWithoutEmptyTurns(RepeatNode lazy, bool byteFollows)
    {
        var taking = new NonEmpty(_groups, _referred).Of(lazy.Body)
            ?? throw new PcreRefusal(
                0, "a lazy repeat of something that may be empty is too intricate", "make that repeat greedy");
        var optionalMax = lazy.Max;
        if (lazy.Min > 0)
        {
            // The turns that must come may be empty; which count is tried first does not matter for an exact count.
            WriteRepeat(lazy with { Max = lazy.Min, Kind = RepeatKind.Greedy }, byteFollows);
            optionalMax = lazy.Max == RepeatNode.Unbounded ? lazy.Max : lazy.Max - lazy.Min;
        }

        WriteRepeat(lazy with { Body = taking, Min = 0, Max = optionalMax }, byteFollows);
    }

    private void Wrap(string opening, Action writeBody)
    {
        _output.Append(opening);
        writeBody();
        _output.Append(')');
    }

    private void WriteOptions(AlternateNode alternate, bool byteFollows)
    {
        for (var i = 0; i < alternate.Options.Length; i++)
        {
            _output.Append(i == 0 ? "" : "|");
            Write(alternate.Options[i], Binding.Sequence, byteFollows);
        }
    }

    private void WriteBranches(ConditionNode condition, bool byteFollows)
    {
        Write(condition.Yes, Binding.Sequence, byteFollows);
        _output.Append('|');
        Write(condition.No, Binding.Sequence, byteFollows);
    }

    private void WriteSequence(ConcatNode concat, bool byteFollows)
    {
        var lastWithBytes = concat.Parts.Length - 1;
        while (lastWithBytes >= 0 && ByteLength.Of(concat.Parts[lastWithBytes]).Min == 0)
        {
            lastWithBytes--;
        }

        for (var i = 0; i < concat.Parts.Length; i++)
        {
            Write(concat.Parts[i], Binding.Sequence, byteFollows || i < lastWithBytes);
        }
    }

    private void WriteRepeat(RepeatNode repeat, bool byteFollows)
    {
        Write(repeat.Body, Binding.Unit, byteFollows);
        _output.Append((repeat.Min, repeat.Max) switch
        {
            (0, 1) => "?",
            (0, RepeatNode.Unbounded) => "*",
            (1, RepeatNode.Unbounded) => "+",
            (var min, RepeatNode.Unbounded) => string.Create(CultureInfo.InvariantCulture, $"{{{min},}}"),
            var (min, max) when min == max => string.Create(CultureInfo.InvariantCulture, $"{{{min}}}"),
            var (min, max) => string.Create(CultureInfo.InvariantCulture, $"{{{min},{max}}}"),
        });
        _output.Append(repeat.Kind == RepeatKind.Lazy ? "?" : "");
    }

    private static string Numbered(string opening, int index, char close) =>
        string.Create(CultureInfo.InvariantCulture, $"{opening}{index}{close}");

    private static string LookOpening(LookNode look) => (look.Ahead, look.Negative) switch
    {
        (true, false) => "(?=",
        (true, true) => "(?!",
        (false, false) => "(?<=",
        (false, true) => "(?<!",
    };

    private static string AnchorText(AnchorKind kind, bool byteFollows) => kind switch
    {
        AnchorKind.Start => "^",
        // .NET's own also matches behind an LF that ends the payload, PCRE's does not.
        AnchorKind.LineStart => byteFollows ? "(?m:^)" : @"(?m:^)(?<!\n\z)",
        AnchorKind.End => @"\z",
        AnchorKind.EndOrFinalNewline => "$",
        AnchorKind.LineEnd => "(?m:$)",
        // Of the 256 widened bytes, .NET's word characters are exactly the ASCII ones.
        AnchorKind.WordBoundary => @"\b",
        // .NET 10 takes a loop of one non-word character before its own \B for atomic, and \n+\B misses two LFs.
        _ => @"(?!\b)",
    };
}
