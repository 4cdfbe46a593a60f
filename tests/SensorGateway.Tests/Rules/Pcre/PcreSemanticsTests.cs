using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Pcre;

public sealed class PcreSemanticsTests
{
    [Theory]
    [InlineData("a.c", "abc")]
    [InlineData("^a$", "a\n")]
    [InlineData(@"\Aa\z", "a")]
    [InlineData("(?m)^b$", "a\nb\nc")]
    [InlineData("(?m)^", "")]
    [InlineData("(?s)a.b", "a\nb")]
    [InlineData("(?i)ABC", "xaBc")]
    [InlineData("a(?i)b|c", "C")]
    [InlineData("(?i:a)b", "Ab")]
    [InlineData("(?x) a b # c\n c", "abc")]
    [InlineData(@"\s", "\v")]
    [InlineData(@"\h", "\xA0")]
    [InlineData(@"\v", "\x85")]
    [InlineData(@"^\R$", "\r\n")]
    [InlineData(@"[\--9]", "0")]
    [InlineData("[]a]", "]")]
    [InlineData("[^]a]", "b")]
    [InlineData("[a[Z-[c]]", "[]")]
    [InlineData("[[:alpha:]_-]", "-")]
    [InlineData(@"[\w-.]", "-")]
    [InlineData(@"\_\/\-", "_/-")]
    [InlineData(@"\x41\x{42}\103\o{104}\x4", "ABCD\x04")]
    [InlineData(@"\Q.*\E+", ".***")]
    [InlineData(@"a{,3}", "a{,3}")]
    [InlineData(@"x{1", "x{1")]
    [InlineData(@"(?P<q>['""])a(?P=q)", "'a'")]
    [InlineData(@"(?<q>.)\k{q}\k'q'\g{q}", "xxxx")]
    [InlineData(@"(.)(.)\g{-1}\g1\2", "abbab")]
    [InlineData(@"(?i)(a)\1", "aA")]
    [InlineData(@"(a)?(?(1)b|c)", "c")]
    [InlineData(@"(?(?=a)ab|cd)", "cd")]
    [InlineData(@"(?<=a|bc)d", "bcd")]
    [InlineData(@"[[:<:]]b", "a b")]
    [InlineData("é+", "\xC3\xA9\xA9")]
    [InlineData("[é]", "\xA9")]
    [InlineData(@"\Bb", "ab")]
    [InlineData(@"\n+\B", "\n\nx")]
    [InlineData(@"^-+\B-?x", "--x")]
    [InlineData(@"^(?: {2,})\B", "   x")]
    [InlineData(@"\bb", "\xE9" + "b")]
    [InlineData(@"[^A-Z]+\b", "c9.")]
    [InlineData(@"(?:\w(?:A*)+?a){2}", "aabaa")]
    [InlineData("", "")]
    public void Translate_PatternThatPcreMatches_Matches(string pcre, string payload) =>
        Assert.True(PcreText.Matches(pcre, payload));

    [Theory]
    [InlineData("a.c", "a\nc")]
    [InlineData("^a$", "a\n\n")]
    [InlineData(@"a\z", "a\n")]
    [InlineData(@"(?m)a\n^", "a\n")]
    [InlineData("(?m)^$", "a\n")]
    [InlineData("(?i)\\xE9", "\xC9")]
    [InlineData("(?i)(\\xE9)\\1", "\xE9\xC9")]
    [InlineData("(?i)k", "\xE2\x84\xAA")]
    [InlineData("[^[:^alpha:]]", "1")]
    [InlineData(@"\w", "\xE9")]
    [InlineData(@"\d", "\xB2")]
    [InlineData(@"\s", "\x85")]
    [InlineData(@"\bb", "ab")]
    [InlineData("(?i)[^a]", "A")]
    [InlineData("(?i)[[:^upper:]]", "a")]
    [InlineData("a++a", "aaa")]
    [InlineData("(?>a|ab)c", "abc")]
    [InlineData(@"(?<!a)b", "ab")]
    [InlineData("(?n)(a)b", "b")]
    [InlineData(@"\Qa|b\E", "b")]
    [InlineData(@"[\Qa-c\E]", "b")]
    [InlineData("(?xx)[a b]", " ")]
    [InlineData(@"(?<=(?<!x)a)b", "xab")]
    [InlineData(@"[^\x00-\xff]", "a")]
    public void Translate_PatternThatPcreDoesNotMatch_DoesNot(string pcre, string payload) =>
        Assert.False(PcreText.Matches(pcre, payload));

    [Theory]
    [InlineData(PcreModes.NoCase, "a", "A")]
    [InlineData(PcreModes.DotAll, "^.$", "\n")]
    [InlineData(PcreModes.MultiLine, "^b", "a\nb")]
    [InlineData(PcreModes.Extended, "a b", "ab")]
    public void Translate_FlagBesidePattern_Applies(PcreModes flag, string pcre, string payload)
    {
        Assert.True(PcreText.Matches(pcre, payload, flag));
        Assert.False(PcreText.Matches(pcre, payload));
    }

    [Fact]
    public void WordBoundary_BetweenAnyTwoBytes_IsAscii()
    {
        var regex = PcreText.Regex(PcreText.Parse(@"(?s)^.\b.\z"));
        for (var pair = 0; pair < 0x1_0000; pair++)
        {
            byte[] payload = [(byte)(pair >> 8), (byte)pair];
            Assert.Equal(IsWord(payload[0]) != IsWord(payload[1]), PcreText.Match(regex, payload) is not null);
        }
    }

    [Fact]
    public void BackReference_WithoutCase_FoldsAsciiOnly()
    {
        var regex = PcreText.Regex(PcreText.Parse(@"(?si)^(.)\1\z"));
        for (var pair = 0; pair < 0x1_0000; pair++)
        {
            byte[] payload = [(byte)(pair >> 8), (byte)pair];
            Assert.Equal(Lower(payload[0]) == Lower(payload[1]), PcreText.Match(regex, payload) is not null);
        }
    }

    private static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';

    private static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
