using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;

namespace SensorGateway.Rules.Text;

/// <summary>A piece of text an author wrote, and where its first character stands.</summary>
/// <param name="Value">Quotes and escapes of the file format already removed.</param>
/// <param name="Position">Where the value starts.</param>
/// <param name="IsVerbatim">True when character n of the value stands n columns further.</param>
internal readonly record struct WrittenText(string Value, SourcePosition Position, bool IsVerbatim)
{
    /// <summary>Where character <paramref name="offset"/> stands, as exactly as can be said.</summary>
    public SourcePosition At(int offset) =>
        IsVerbatim ? Position with { Column = Position.Column + offset } : Position;

    /// <summary>Says which character is meant where the position cannot.</summary>
    public string Where(int offset) => IsVerbatim ? "" : $" (character {offset + 1} of '{RuleText.Shown(Value)}')";
}

/// <summary>Makes terms from text, the same way for every rule format.</summary>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="isImported">
/// True for sets that another tool has exported and nobody edits rule by rule: what is foolish about one rule of
/// thousands is a warning then, and does not keep the others from loading.
/// </param>
internal sealed class TermBuilder(ProblemLog problems, bool isImported)
{
    private const string UnsafeFix = "mark the rule 'unsafe: true' to run it under a timeout";

    private bool _mayBeUnsafe;

    /// <summary>Unsafe regexes of this rule so far.</summary>
    public int UnsafeCount { get; private set; }

    /// <summary>A rule begins; says whether its author lets regexes be confined that could backtrack without end.</summary>
    public void Begin(bool mayBeUnsafe)
    {
        _mayBeUnsafe = mayBeUnsafe;
        UnsafeCount = 0;
    }

    /// <returns>The term, or null with the problem noted.</returns>
    public RegexTerm? Regex(WrittenText pattern, PcreModes flags, IReadOnlyList<WrittenText> guards, bool? guardNoCase)
    {
        var guardFolds = guardNoCase ?? (flags.HasFlag(PcreModes.NoCase) || RuleText.FoldsFromTheStart(pattern.Value));
        var terms = guards.Select(guard => Literal(guard, guardFolds)).ToList();
        var parsed = PcrePattern.TryParse(pattern.Value, flags, out var problem);
        if (problem is not null)
        {
            problems.Add(
                pattern.At(problem.Offset),
                $"bad regex: {problem.Problem}{pattern.Where(problem.Offset)}", problem.Fix);
        }

        if (parsed is null || !TryJudge(pattern, parsed, flags, out var isConfined) || terms.Contains(null))
        {
            return null;
        }

        CheckGuards(guards, terms, parsed);
        return new RegexTerm(parsed, [.. terms.Select(term => term!)]) { IsConfined = isConfined };
    }

    /// <returns>The term, or null with the problem noted.</returns>
    public LiteralTerm? Literal(WrittenText text, bool noCase)
    {
        if (Bytes(text) is not { } bytes)
        {
            return null;
        }

        if (!bytes.IsEmpty)
        {
            return new LiteralTerm(bytes, noCase);
        }

        problems.Add(text.Position, "an empty literal is in every payload", "write the bytes that must occur");
        return null;
    }

    /// <returns>The unescaped bytes, or null with the problem noted.</returns>
    public ImmutableArray<byte>? Bytes(WrittenText text)
    {
        var bytes = EscapedText.TryParse(text.Value, out var offset, out var problem);
        if (bytes is null)
        {
            problems.Add(
                text.At(offset), $"{problem}{text.Where(offset)}", @"write \xHH for a byte, \x5c for a backslash");
        }
        else if (bytes.Value.Length > RuleLimits.LiteralBytesMax)
        {
            problems.Add(
                text.Position, $"this text is longer than {RuleLimits.LiteralBytesMax >> 10} KiB",
                "shorten it; no payload is longer");
            return null;
        }

        return bytes;
    }

    /// <summary>A list of guards is useless when none of them can be in a payload that the regex matches.</summary>
    private void CheckGuards(IReadOnlyList<WrittenText> written, List<LiteralTerm?> guards, BytePattern pattern)
    {
        var idle = Enumerable.Range(0, guards.Count)
            .Where(i => !GuardReach.CanOccur(pattern.Root, guards[i]!.Bytes.AsSpan(), guards[i]!.NoCase))
            .ToList();
        foreach (var i in idle)
        {
            const string problem = "this guard can never occur: the regex spans the whole payload and cannot hold it";
            if (idle.Count == guards.Count && !isImported)
            {
                problems.Add(written[i].Position, problem, "correct the guard, or the anchors of the regex");
            }
            else
            {
                problems.Warn(written[i].Position, problem, idle.Count == guards.Count ? "correct it, or the anchors of the regex" : "take it out of the list");
            }
        }
    }

    private bool TryJudge(WrittenText pattern, BytePattern parsed, PcreModes flags, out bool isConfined)
    {
        isConfined = false;
        if (RegexLint.Judge(parsed, flags) is not { } danger)
        {
            return true;
        }

        isConfined = true;
        UnsafeCount++;
        if (_mayBeUnsafe)
        {
            return true;
        }

        var position = pattern.At(danger.Offset);
        var problem = $"unsafe regex: {danger.Problem}{pattern.Where(danger.Offset)}";
        if (isImported)
        {
            problems.Warn(position, problem, $"it runs under a timeout; {danger.Fix}");
            return true;
        }

        problems.Add(position, problem, $"{danger.Fix}, or {UnsafeFix}");
        return false;
    }

    /// <returns>32 bytes, or null with the problem noted.</returns>
    public ImmutableArray<byte>? Digest(WrittenText text)
    {
        if (text.Value.Length == 2 * HashList.DigestBytes && text.Value.All(char.IsAsciiHexDigit))
        {
            return [.. Convert.FromHexString(text.Value)];
        }

        problems.Add(text.Position, "this is no SHA-256 digest", "write 64 hexadecimal digits");
        return null;
    }
}
