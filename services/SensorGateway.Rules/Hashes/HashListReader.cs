using System.Buffers;
using System.Text;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Hashes;

/// <summary>Reads one SHA-256 a line; <c>#</c> starts a comment line; a label may follow after a blank, ';' or ','.</summary>
internal static class HashListReader
{
    private const int DigitsPerDigest = 2 * HashList.DigestBytes;

    /// <returns>The list, or null when anything is wrong with it.</returns>
    public static HashList? Read(SourceFile file, ProblemLog problems)
    {
        var name = Path.GetFileNameWithoutExtension(file.FullPath);
        if (RuleText.IdProblem("ioc." + name) is { } badName)
        {
            problems.Add(
                0, 0, $"this file's name becomes the rule id 'ioc.{RuleText.Shown(name)}', and {badName}",
                $"rename it; {RuleText.IdFix}");
        }

        if (file.TryRead(RuleLimits.HashFileBytesMax, problems) is not { } bytes)
        {
            return null;
        }

        var digests = new byte[(bytes.Length / DigitsPerDigest + 1) * HashList.DigestBytes];
        var labels = new List<(int Index, string Label)>();
        var count = 0;
        var line = 0;
        for (ReadOnlySpan<byte> rest = bytes.AsSpan(StartsWithMark(bytes) ? 3 : 0); !rest.IsEmpty;)
        {
            line++;
            var end = rest.IndexOf((byte)'\n');
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (TryReadLine(text, digests.AsSpan(count * HashList.DigestBytes), line, problems, out var label))
            {
                if (label is not null)
                {
                    labels.Add((count, label));
                }

                count++;
            }
        }

        if (count == 0 && problems.IsEmpty)
        {
            problems.Add(0, 0, "there is no digest in this file", "add one, or take the file out of the configuration");
        }

        return problems.IsEmpty
            ? new HashList(name, digests.AsMemory(0, count * HashList.DigestBytes), Spread(labels, count))
            : null;
    }

    private static bool TryReadLine(
        ReadOnlySpan<byte> line, Span<byte> digest, int lineNumber, ProblemLog problems, out string? label)
    {
        label = null;
        var text = line.TrimStart(" \t\r"u8);
        if (text.IsEmpty || text[0] == '#')
        {
            return false;
        }

        var column = line.Length - text.Length + 1;
        var digits = text.IndexOfAnyExcept(HexDigits);
        digits = digits < 0 ? text.Length : digits;
        var isSeparated = digits == text.Length || " \t\r;,"u8.Contains(text[digits]);
        if (digits != DigitsPerDigest || !isSeparated
            || Convert.FromHexString(text[..digits], digest[..HashList.DigestBytes], out _, out _) != OperationStatus.Done)
        {
            var shown = isSeparated ? $"{digits} hexadecimal digits" : "another character among the digits";
            problems.Add(
                lineNumber, column, $"this is no SHA-256 digest but has {shown}",
                "write 64 hexadecimal digits, or # before a comment");
            return false;
        }

        var after = text[digits..].Trim(" \t\r;,"u8);
        label = after.IsEmpty ? null : Encoding.UTF8.GetString(after);
        return true;
    }

    private static string?[]? Spread(List<(int Index, string Label)> labels, int count)
    {
        if (labels.Count == 0)
        {
            return null;
        }

        var all = new string?[count];
        labels.ForEach(entry => all[entry.Index] = entry.Label);
        return all;
    }

    private static bool StartsWithMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8);

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);
}
