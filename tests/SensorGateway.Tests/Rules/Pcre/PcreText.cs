using System.Text;
using System.Text.RegularExpressions;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Pcre;

/// <summary>Short forms for tests: bytes are written as Latin-1 text.</summary>
internal static class PcreText
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of Latin-1 text: <c>"\xE9"</c> is the one byte 0xE9.</summary>
    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    public static BytePattern Parse(string pcre, PcreModes flags = PcreModes.None) =>
        PcrePattern.TryParse(pcre, flags, out var problem) ?? throw new InvalidOperationException($"{pcre}: {problem}");

    public static PcreProblem Refusal(string pcre)
    {
        Assert.Null(PcrePattern.TryParse(pcre, PcreModes.None, out var problem));
        return problem!;
    }

    public static Regex Regex(BytePattern pattern) => new(pattern.DotNet, BytePattern.DotNetOptions, MatchTimeout);

    /// <summary>Start and length of the first match in bytes, or null.</summary>
    public static (int Offset, int Length)? Match(Regex regex, ReadOnlySpan<byte> payload)
    {
        var chars = new char[payload.Length];
        ByteText.Widen(payload, chars);
        foreach (var match in regex.EnumerateMatches(chars))
        {
            return (match.Index, match.Length);
        }

        return null;
    }

    public static bool Matches(string pcre, string latin1, PcreModes flags = PcreModes.None) =>
        Match(Regex(Parse(pcre, flags)), Bytes(latin1)) is not null;

    /// <summary>The plainest search there is, folding ASCII alone.</summary>
    public static bool Contains(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> literal, bool noCase) => noCase
        ? Lower(payload).AsSpan().IndexOf(Lower(literal)) >= 0
        : payload.IndexOf(literal) >= 0;

    private static byte[] Lower(ReadOnlySpan<byte> bytes)
    {
        var lower = bytes.ToArray();
        foreach (ref var value in lower.AsSpan())
        {
            value = value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
        }

        return lower;
    }
}
