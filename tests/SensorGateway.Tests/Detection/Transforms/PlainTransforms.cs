using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Detection.Transforms;

/// <summary>The transforms as their documentation words them: replacements in a text of one character per byte.</summary>
internal static partial class PlainTransforms
{
    public static byte[] Apply(TransformChain chain, byte[] payload) =>
        Encoding.Latin1.GetBytes(chain.Steps.Aggregate(Encoding.Latin1.GetString(payload), Apply));

    private static string Apply(string text, TransformStep step) => step switch
    {
        TransformStep.UrlDecode => UrlEscape().Replace(text, DecodeUrl),
        TransformStep.HtmlDecode => Reference().Replace(text, DecodeReference),
        TransformStep.Lowercase => Upper().Replace(text, match => match.Value.ToLowerInvariant()),
        TransformStep.Base64Decode => Base64Run().Replace(text, DecodeBase64),
        TransformStep.Utf16ToBytes => Utf16Run().Replace(text, match => match.Value.Replace("\0", "", StringComparison.Ordinal)),
        _ => throw new InvalidOperationException(),
    };

    private static string DecodeUrl(Match match) => match.Value switch
    {
        "+" => " ",
        { Length: 3 } two => ((char)Convert.ToByte(two[1..], 16)).ToString(),
        var four when Rune.TryCreate(Convert.ToInt32(four[2..], 16), out var rune) => Utf8(rune),
        var half => half,
    };

    private static string DecodeReference(Match match)
    {
        if (match.Groups["name"].Success)
        {
            // The framework knows all names, with their semicolon.
            return Utf8(WebUtility.HtmlDecode($"&{match.Groups["name"].Value.TrimEnd(';')};") switch
            {
                [var one] => new Rune(one),
                _ => new Rune(Odd.Single(odd => match.Groups["name"].Value == odd.Name + ";").Character),
            });
        }

        var digits = match.Groups["digits"].Value;
        var isHex = match.Groups["x"].Success;
        var value = System.Numerics.BigInteger.Parse("0" + digits, isHex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture);
        return value > 0 && value < int.MaxValue && Rune.TryCreate((int)value, out var rune) ? Utf8(rune) : match.Value;
    }

    private static string DecodeBase64(Match match)
    {
        if (match.Length < 16)
        {
            return match.Value;
        }

        var run = match.Value.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        run = run.Length % 4 == 1 ? run[..^1] : run;
        return Encoding.Latin1.GetString(Convert.FromBase64String(run.PadRight((run.Length + 3) / 4 * 4, '=')));
    }

    private static string Utf8(Rune rune) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(rune.ToString()));

    /// <summary>Names of HTML 5 that WebUtility, which is older, does not know.</summary>
    private static readonly (string Name, char Character)[] Odd =
    [
        ("Tab", '\t'), ("NewLine", '\n'), ("excl", '!'), ("num", '#'), ("dollar", '$'), ("percnt", '%'), ("lpar", '('),
        ("rpar", ')'), ("ast", '*'), ("plus", '+'), ("comma", ','), ("period", '.'), ("sol", '/'), ("colon", ':'),
        ("semi", ';'), ("equals", '='), ("quest", '?'), ("commat", '@'), ("lsqb", '['), ("lbrack", '['), ("bsol", '\\'),
        ("rsqb", ']'), ("rbrack", ']'), ("Hat", '^'), ("lowbar", '_'), ("grave", '`'), ("lcub", '{'), ("lbrace", '{'),
        ("verbar", '|'), ("vert", '|'), ("rcub", '}'), ("rbrace", '}'),
    ];

    [GeneratedRegex(@"\+|%[0-9a-fA-F]{2}|%[uU][0-9a-fA-F]{4}")]
    private static partial Regex UrlEscape();

    [GeneratedRegex(
        "&(?:#(?<digits>[0-9]+);?|#(?<x>[xX])(?<digits>[0-9a-fA-F]+);?|(?<name>(?:lt|gt|amp|quot|nbsp|LT|GT|AMP|QUOT);?"
        + "|(?:apos|Tab|NewLine|excl|num|dollar|percnt|lpar|rpar|ast|plus|comma|period|sol|colon|semi|equals|quest|commat"
        + "|lsqb|lbrack|bsol|rsqb|rbrack|Hat|lowbar|grave|lcub|lbrace|verbar|vert|rcub|rbrace);))")]
    private static partial Regex Reference();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Upper();

    // A run and the padding that brings it to whole fours; at most two characters of it.
    [GeneratedRegex(
        "(?:[-+/\\w]{4})+(?![-+/\\w])|(?:[-+/\\w]{4})*(?:[-+/\\w]{2}(?![-+/\\w])={0,2}|[-+/\\w]{3}(?![-+/\\w])=?|[-+/\\w](?![-+/\\w])={0,2})",
        RegexOptions.ECMAScript)]
    private static partial Regex Base64Run();

    [GeneratedRegex("(?:[^\0]\0){4,}|(?:\0[^\0]){4,}")]
    private static partial Regex Utf16Run();
}
