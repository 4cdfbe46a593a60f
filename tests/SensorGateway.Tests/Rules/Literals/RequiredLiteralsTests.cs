using System.Text.RegularExpressions;
using SensorGateway.Rules.Literals;
using SensorGateway.Rules.Pcre;
using SensorGateway.Tests.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Literals;

public sealed class RequiredLiteralsTests
{
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("(?i)aBc", "abc/i", true)]
    [InlineData("(?i:AB)c1", "abc1/i", false)]
    [InlineData("abc|(?:xyz|uvw)", "abc xyz uvw", true)]
    [InlineData("ab[cd]e", "abce abde", true)]
    [InlineData("ab(?:c|de)?f", "abcf abdef abf", true)]
    [InlineData("^abc", "abc", false)]
    [InlineData("abc$", "abc", false)]
    [InlineData(@"\babc", "abc", false)]
    [InlineData("(?=x)abc", "abc", false)]
    [InlineData("(?>abc)", "abc", false)]
    [InlineData("abc.*defghi", "defghi", false)]
    [InlineData("a(?:qqq)+b", "qqqb", false)]
    [InlineData("x(?:ab){2}y", "xababy", true)]
    [InlineData("(?:abc)*zzz", "zzz", false)]
    [InlineData("abc|abcd", "abc", true)]
    [InlineData("q", "q", true)]
    [InlineData(@"\xC3\xA9\x00z", "\u00C3\u00A9\0z", true)]
    [InlineData("(a)?(?(1)bcd|efg)", "bcd efg", false)]
    public void Find_PatternWithLiterals_GivesThem(string pcre, string literals, bool isWhole)
    {
        var found = RequiredLiterals.Find(PcreText.Parse(pcre).Root)!;

        Assert.Equal(literals.Split(' ').Order(StringComparer.Ordinal), found.AnyOf.Select(literal => literal.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(isWhole, found.IsWholePattern);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a*")]
    [InlineData("abc|")]
    [InlineData("abc|.")]
    [InlineData(@"[0-9]+\.[0-9]+")]
    [InlineData(@"(?!abc)\d")]
    [InlineData("(?:abc)?")]
    [InlineData(".+")]
    [InlineData("^$")]
    [InlineData(@"(.)\1")]
    public void Find_PatternWithoutLiterals_GivesNone(string pcre) =>
        Assert.Null(RequiredLiterals.Find(PcreText.Parse(pcre).Root));

    [Fact]
    public void Find_OnlyShortLiterals_SaysSo()
    {
        var found = RequiredLiterals.Find(PcreText.Parse(@"\d+=\d+: \d").Root)!;

        Assert.True(found.IsShort);
        Assert.Equal(2, found.BytesMin);
    }

    [Fact]
    public void Find_ManyWords_KeepsThemAll()
    {
        var words = Enumerable.Range(0, 500).Select(i => $"word{i:D4}").ToList();

        var found = RequiredLiterals.Find(PcreText.Parse($"(?:{string.Join('|', words)})x").Root)!;

        Assert.Equal(500, found.AnyOf.Length);
        Assert.True(found.IsWholePattern);
    }

    [Fact]
    public void Find_GivenCommonness_PrefersTheRarer()
    {
        var root = PcreText.Parse("common.*special").Root;

        Assert.Equal("common", Only(RequiredLiterals.Find(root, literal => literal.ToString() == "special" ? 1 : 0)));
        Assert.Equal("special", Only(RequiredLiterals.Find(root, literal => literal.ToString() == "common" ? 1 : 0)));
    }

    [Fact]
    public void Find_AnyPattern_NeverMissesAMatch()
    {
        var withLiterals = 0;
        for (var seed = 0; seed < 6_000; seed++)
        {
            var random = new Random(seed);
            var pcre = RandomPattern.Next(random);
            var pattern = PcrePattern.TryParse(pcre, PcreModes.None, out _);
            if (pattern is null || RequiredLiterals.Find(pattern.Root) is not { } requirement)
            {
                continue;
            }

            withLiterals++;
            var regex = PcreText.Regex(pattern);
            for (var i = 0; i < 20; i++)
            {
                CheckPayload(pcre, regex, requirement, Seeded(random, requirement));
            }
        }

        Assert.True(withLiterals > 300, $"only {withLiterals} patterns had literals");
    }

    /// <summary>A random payload with one of the literals in it every other time, so that matches are common.</summary>
    private static byte[] Seeded(Random random, LiteralRequirement requirement) => random.Next(2) == 0
        ? RandomPattern.Payload(random)
        : [.. RandomPattern.Payload(random), .. requirement.AnyOf[random.Next(requirement.AnyOf.Length)].Bytes, .. RandomPattern.Payload(random)];

    private static void CheckPayload(string pcre, Regex regex, LiteralRequirement requirement, byte[] payload)
    {
        var matches = PcreText.Match(regex, payload) is not null;
        var hasLiteral = requirement.AnyOf.Any(literal => PcreText.Contains(payload, literal.Bytes.AsSpan(), literal.NoCase));
        var agrees = requirement.IsWholePattern ? matches == hasLiteral : !matches || hasLiteral;
        Assert.True(agrees, $"{pcre} on {Convert.ToHexString(payload)}: match {matches}, literals {string.Join(' ', requirement.AnyOf)}");
    }

    private static string Only(LiteralRequirement? requirement) => Assert.Single(requirement!.AnyOf).ToString();
}
