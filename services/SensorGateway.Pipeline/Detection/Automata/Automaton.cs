using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// An <see cref="Nfa"/> with what determinising needs: byte classes and which context matters. Immutable.
/// </summary>
internal sealed class Automaton
{
    /// <summary>Most patterns in one automaton: results are bits of one word.</summary>
    public const int PatternsMax = 64;

    public Automaton(Nfa nfa)
    {
        Nfa = nfa;
        foreach (var node in nfa.Nodes)
        {
            if (node.Op == NfaOp.Anchor)
            {
                HasAnchors = true;
                var kind = (AnchorKind)node.Argument;
                SeesWords |= kind is AnchorKind.WordBoundary or AnchorKind.NotWordBoundary;
                SeesLines |= kind is AnchorKind.LineStart;
                SeesLineEnds |= kind is AnchorKind.LineEnd;
                SeesFinalNewline |= kind is AnchorKind.EndOrFinalNewline;
            }
        }

        (ClassOf, ClassBytes) = ByteClasses.Of(SetsToTell());
    }

    /// <summary>The automaton.</summary>
    public Nfa Nfa { get; }

    /// <summary>Class of each byte; bytes of one class lead everywhere to the same place.</summary>
    public byte[] ClassOf { get; }

    /// <summary>One byte of each class.</summary>
    public byte[] ClassBytes { get; }

    /// <summary>Symbol of an LF that is the payload's last byte.</summary>
    public int FinalNewlineSymbol => ClassBytes.Length;

    /// <summary>Symbol of the payload's end.</summary>
    public int EndSymbol => ClassBytes.Length + 1;

    /// <summary>Symbols in all.</summary>
    public int Symbols => ClassBytes.Length + 2;

    /// <summary>Patterns in it.</summary>
    public int Patterns => Nfa.Starts.Length;

    /// <summary>True when anything depends on a place rather than a byte.</summary>
    public bool HasAnchors { get; }

    /// <summary>True when a boundary of words matters.</summary>
    public bool SeesWords { get; }

    /// <summary>True when the start of a line matters.</summary>
    public bool SeesLines { get; }

    /// <summary>True when the end of a line matters.</summary>
    public bool SeesLineEnds { get; }

    /// <summary>True when an LF at the very end is not like another LF.</summary>
    public bool SeesFinalNewline { get; }

    /// <summary>True for bytes that <c>\b</c> counts as parts of words.</summary>
    public static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';

    private List<ByteSet> SetsToTell()
    {
        var sets = Nfa.Sets.ToList();
        if (SeesWords)
        {
            var word = ByteSet.Range((byte)'0', (byte)'9').Union(ByteSet.Range((byte)'a', (byte)'z').FoldCase())
                .Union(ByteSet.Of((byte)'_'));
            sets.Add(word);
        }

        if (SeesLines || SeesLineEnds || SeesFinalNewline)
        {
            sets.Add(ByteSet.Of((byte)'\n'));
        }

        return sets;
    }
}
