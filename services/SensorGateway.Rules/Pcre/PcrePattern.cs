using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre.DotNet;
using SensorGateway.Rules.Pcre.Parsing;

namespace SensorGateway.Rules.Pcre;

/// <summary>Flags that a rule carries beside its pattern.</summary>
[Flags]
public enum PcreModes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>i</c>: fold ASCII case.</summary>
    NoCase = 1,

    /// <summary><c>s</c>: dot matches LF.</summary>
    DotAll = 2,

    /// <summary><c>m</c>: anchors at lines.</summary>
    MultiLine = 4,

    /// <summary><c>x</c>: white space and comments in the pattern are ignored.</summary>
    Extended = 8,
}

/// <summary>Why a pattern is refused, and where in it.</summary>
/// <param name="Offset">Characters into the pattern, from 0.</param>
/// <param name="Problem">What is wrong, without a full stop.</param>
/// <param name="Fix">What the author can do.</param>
public sealed record PcreProblem(int Offset, string Problem, string Fix);

/// <summary>Parses PCRE syntax into a tree over bytes and translates the tree to .NET.</summary>
public static class PcrePattern
{
    /// <summary>Longest pattern, in bytes of UTF-8.</summary>
    public const int BytesMax = 64 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Parses and translates <paramref name="pcre"/>; its bytes are the UTF-8 of the text.</summary>
    /// <returns>The pattern, or null with <paramref name="problem"/> set.</returns>
    public static BytePattern? TryParse(string pcre, PcreModes flags, out PcreProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(pcre);
        problem = null;
        if (pcre.Length > BytesMax || Encoding.UTF8.GetByteCount(pcre) > BytesMax)
        {
            problem = new PcreProblem(0, $"this pattern is longer than {BytesMax / 1024} KiB", "split it into several rules");
            return null;
        }

        var bytes = Array.Empty<byte>();
        try
        {
            bytes = StrictUtf8.GetBytes(pcre);
            var root = PcreParser.Parse(bytes, flags);
            return new BytePattern(pcre, root, DotNetTranslator.Translate(root));
        }
        catch (EncoderFallbackException lone)
        {
            problem = new PcreProblem(lone.Index, "this is half a surrogate pair", @"write the bytes you mean as \xHH");
        }
        catch (PcreRefusal refusal)
        {
            var offset = Encoding.UTF8.GetCharCount(bytes, 0, refusal.ByteOffset);
            problem = new PcreProblem(offset, refusal.Message, refusal.Fix);
        }

        return null;
    }
}
