using SensorGateway.Rules.Pcre;

namespace SensorGateway.Rules.Model;

/// <summary>A regular expression over bytes: the author's PCRE text, its syntax tree, and its .NET form.</summary>
/// <param name="Pcre">As written.</param>
/// <param name="Root">Syntax tree with flags and case folding already applied to its nodes.</param>
/// <param name="DotNet">
/// The same language for <see cref="System.Text.RegularExpressions.Regex"/> with <see cref="DotNetOptions"/>, over
/// payloads widened by <see cref="ByteText"/>.
/// </param>
public sealed record BytePattern(string Pcre, PcreNode Root, string DotNet)
{
    /// <summary>The only options a translated pattern needs: flags and folding are written into it.</summary>
    public const System.Text.RegularExpressions.RegexOptions DotNetOptions =
        System.Text.RegularExpressions.RegexOptions.CultureInvariant;
}
