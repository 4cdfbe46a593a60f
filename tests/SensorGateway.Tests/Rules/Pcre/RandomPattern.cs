using System.Text;

namespace SensorGateway.Tests.Rules.Pcre;

/// <summary>Random PCRE patterns of every construct, and payloads of the few bytes that those patterns mention.</summary>
internal static class RandomPattern
{
    private static readonly string[] Atoms =
    [
        "a", "b", "c", "A", "ab", @"\n", @"\x80", @"\xe9", "-", "_", " ", ".", "^", "$", @"\b", @"\B", @"\A", @"\z", @"\Z",
        @"\w", @"\W", @"\s", @"\S", @"\d", @"\D", @"\h", @"\H", @"\v", @"\V", @"\R", @"\N", "[ab]", "[^a]", "[a-c]", @"[^\n]",
        "[[:alpha:]]", "[[:^upper:]]", @"[\x80-\xff]", "[^[:lower:]b]", @"[\--9]", "[]a]", "[^]a]", @"[a\]b]", "[a-]",
        @"[\w\-]", @"[^\W]", @"[\s\S]", @"\1", @"\2", @"\g{-1}", @"\g1", "(?i)", "(?-i)", "(?s)", "(?m)", "(?x)",
        "(?x) a # c\n", @"\Qa.b\E", @"\Q*", @"\E", "(?#z)", "é", @"\é", @"\101", @"\0", @"\07", @"\10", @"\o{101}", @"\x{41}",
        @"\x4", @"\cA", @"\e", @"\_", @"\/", "{", "{,3}", "}", "]", "(?U)", "(?n)", "[[:<:]]", @"\C",
    ];

    private static readonly string[] Quantifiers =
    [
        "*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,2}", "{0,1}", "{2,}", "{1,2}?", "{0,2}+", "{0}", "{,2}", " +",
    ];

    private static readonly byte[] Alphabet = [.. "aabbcABC\n\n-_ .*9"u8, 0x80, 0xE9, 0xC3, 0xA9, 1, 0x85, 13];

    public static string Next(Random random, int depth = 3)
    {
        var pattern = new StringBuilder();
        for (var items = random.Next(1, 4); items > 0; items--)
        {
            var isAtom = depth == 0 || random.Next(12) < 7;
            pattern.Append(isAtom ? Pick(random, Atoms) : Group(random, depth - 1));
            pattern.Append(random.Next(4) == 0 ? Pick(random, Quantifiers) : "");
        }

        return depth > 0 && random.Next(8) == 0 ? $"{pattern}|{Next(random, depth - 1)}" : pattern.ToString();
    }

    public static byte[] Payload(Random random) =>
        [.. Enumerable.Range(0, random.Next(9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])];

    private static string Group(Random random, int depth)
    {
        var inner = Next(random, depth);
        return random.Next(14) switch
        {
            0 => $"(?:{inner})",
            1 or 2 => $"({inner})",
            3 => $"(?>{inner})",
            4 => $"(?={inner})",
            5 => $"(?!{inner})",
            6 => $"(?<={inner})",
            7 => $"(?<!{inner})",
            8 => $"({inner}|{Next(random, depth)})",
            9 => $"(?i:{inner})",
            10 => $"(?<n{random.Next(3)}>{inner})",
            11 => $"(?(1){inner}|b)",
            12 => $"(?m-i:{inner}|{Next(random, depth)})",
            _ => $"(?(?=a){inner}|{Next(random, depth)})",
        };
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
