using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

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
internal sealed class TermBuilder(ProblemLog problems)
{
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

        return parsed is null || terms.Contains(null) ? null : new RegexTerm(parsed, [.. terms.Select(term => term!)]);
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
