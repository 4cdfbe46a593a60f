using System.Text;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>Named characters that matter in payloads: those of markup, and ASCII punctuation that hides attacks.</summary>
internal static class HtmlNames
{
    // The older names work without a semicolon, the others only with one: as in browsers.
    private static readonly (byte[] Name, Rune Rune)[] Known =
    [
        Of("lt", '<'), Of("gt", '>'), Of("amp", '&'), Of("quot", '"'), Of("nbsp", '\u00A0'),
        Of("LT", '<'), Of("GT", '>'), Of("AMP", '&'), Of("QUOT", '"'),
        Of("apos;", '\''), Of("Tab;", '\t'), Of("NewLine;", '\n'), Of("excl;", '!'), Of("num;", '#'), Of("dollar;", '$'),
        Of("percnt;", '%'), Of("lpar;", '('), Of("rpar;", ')'), Of("ast;", '*'), Of("plus;", '+'), Of("comma;", ','),
        Of("period;", '.'), Of("sol;", '/'), Of("colon;", ':'), Of("semi;", ';'), Of("equals;", '='), Of("quest;", '?'),
        Of("commat;", '@'), Of("lsqb;", '['), Of("lbrack;", '['), Of("bsol;", '\\'), Of("rsqb;", ']'), Of("rbrack;", ']'),
        Of("Hat;", '^'), Of("lowbar;", '_'), Of("grave;", '`'), Of("lcub;", '{'), Of("lbrace;", '{'), Of("verbar;", '|'),
        Of("vert;", '|'), Of("rcub;", '}'), Of("rbrace;", '}'),
    ];

    // By first letter, so that a payload of nothing but & costs no more than another.
    private static readonly (byte[] Name, Rune Rune)[]?[] ByLetter = Index();

    /// <summary>Finds the name that the text begins with.</summary>
    /// <returns>Bytes of the name, with its semicolon; 0 when it is none.</returns>
    public static int TryFind(ReadOnlySpan<byte> text, out Rune rune)
    {
        foreach (var (name, known) in text.IsEmpty ? [] : ByLetter[text[0]] ?? [])
        {
            if (text.StartsWith(name))
            {
                rune = known;
                return name[^1] != ';' && text.Length > name.Length && text[name.Length] == ';' ? name.Length + 1 : name.Length;
            }
        }

        rune = default;
        return 0;
    }

    private static (byte[] Name, Rune Rune)[]?[] Index()
    {
        var index = new (byte[] Name, Rune Rune)[]?[256];
        foreach (var letter in Known.GroupBy(each => each.Name[0]))
        {
            index[letter.Key] = [.. letter];
        }

        return index;
    }

    private static (byte[] Name, Rune Rune) Of(string name, char character) =>
        (Encoding.ASCII.GetBytes(name), new Rune(character));
}
