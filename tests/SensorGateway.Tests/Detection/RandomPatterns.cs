using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Detection;

/// <summary>Random patterns and payloads over a small alphabet, where matches and near misses are frequent.</summary>
internal sealed class RandomPatterns(int seed)
{
    private static readonly string[] Atoms =
        ["a", "b", "ab", "ba", "A", "1", "_", "-", "\\n", "\\xe9", ".", "\\w", "\\d", "\\s", "[ab]", "[^a]", "[a-b1]", "[^\\n]", "abba", "b1-"];

    private static readonly string[] Places = ["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"];
    private static readonly string[] Counts = ["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "+?", "??", "{1,2}?"];

    private readonly Random _random = new(seed);

    /// <summary>A pattern with its flags, parsed.</summary>
    public RegexTerm Next(bool plain)
    {
        while (true)
        {
            var text = Alternatives(3, plain);
            var modes = (PcreModes)_random.Next(8); // Without x.
            if (PcrePattern.TryParse(text, modes, out _) is { } parsed)
            {
                LiteralTerm[] guards = _random.Next(3) == 0
                    ? [new LiteralTerm([.. Payload(1 + _random.Next(2))], _random.Next(2) == 0)]
                    : [];
                return new RegexTerm(parsed, [.. guards]);
            }
        }
    }

    /// <summary>A payload of exactly this many bytes.</summary>
    public byte[] Payload(int bytes)
    {
        const string alphabet = "aaabbbA1_- \n\u00e9\u00c9c";
        var payload = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            payload[i] = (byte)alphabet[_random.Next(alphabet.Length)];
        }

        return payload;
    }

    /// <summary>Below <paramref name="limit"/>.</summary>
    public int Below(int limit) => _random.Next(limit);

    private string Alternatives(int depth, bool plain)
    {
        var text = Sequence(depth, plain);
        while (_random.Next(4) == 0)
        {
            text += "|" + Sequence(depth, plain);
        }

        return text;
    }

    private string Sequence(int depth, bool plain)
    {
        var text = "";
        for (var i = _random.Next(4); i >= 0; i--)
        {
            text += Item(depth, plain);
        }

        return text;
    }

    private string Item(int depth, bool plain)
    {
        switch (_random.Next(depth > 0 ? 10 : 6))
        {
            case 0:
                return Pick(Places);
            case < 4:
                return Pick(Atoms);
            case < 6:
                return Pick(Atoms) is { Length: 1 } atom ? atom + Pick(Counts) : "b" + Pick(Counts);
            case 6 when !plain:
                return Pick(["(?=", "(?!", "(?<=a", "(?<!b", "(?>"]) is var open && open.Contains('<', StringComparison.Ordinal)
                    ? open + ")"
                    : open + Alternatives(depth - 1, plain) + ")";
            case 7 when !plain:
                return "(" + Alternatives(depth - 1, plain) + ")" + Pick(["", "\\1"]);
            case 8:
                return "(?:" + Alternatives(depth - 1, plain) + ")" + Pick(Counts);
            default:
                return "(?:" + Alternatives(depth - 1, plain) + ")";
        }
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
