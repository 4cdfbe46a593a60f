using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Pcre;

public sealed class PcreRefusalTests
{
    [Theory]
    [InlineData("a(b", 1, "this group is not closed")]
    [InlineData("ab)", 2, "this ')' closes nothing")]
    [InlineData("a[b", 1, "this class is not closed")]
    [InlineData("[a-", 2, "this class is not closed")]
    [InlineData("*a", 0, "this quantifier has nothing to repeat")]
    [InlineData("a|+", 2, "this quantifier has nothing to repeat")]
    [InlineData("a**", 2, "this quantifier has nothing to repeat")]
    [InlineData(@"\b+", 2, "this quantifier has nothing to repeat")]
    [InlineData("{1}", 0, "this quantifier has nothing to repeat")]
    [InlineData("(?i)*", 4, "this quantifier has nothing to repeat")]
    [InlineData("a{65536}", 1, "this count is above 65535")]
    [InlineData("a{99999999999}", 1, "this count is above 65535")]
    [InlineData("a{3,2}", 1, "the upper count is below the lower")]
    [InlineData("é[z-a]", 3, "this range runs backwards")]
    [InlineData("[[:foo:]]", 1, "'[:foo:]' is no class")]
    [InlineData("[[.a.]]", 1, "'[.a.]' is no class")]
    [InlineData(@"a\", 1, "the pattern ends in a backslash")]
    [InlineData(@"[a\", 2, "the pattern ends in a backslash")]
    [InlineData(@"a\i", 1, @"\i means nothing in PCRE")]
    [InlineData(@"[\i]", 1, @"\i means nothing in PCRE")]
    [InlineData(@"\p{L}", 0, "Unicode properties are not supported")]
    [InlineData(@"[\pL]", 1, "Unicode properties are not supported")]
    [InlineData(@"a\Kb", 1, @"\K is not supported")]
    [InlineData(@"\X", 0, @"\X is not supported")]
    [InlineData(@"[\R]", 1, @"\R cannot stand in a class")]
    [InlineData(@"\N{U+41}", 0, @"\N{...} is not supported")]
    [InlineData(@"\x{100}", 0, "this number is more than one byte")]
    [InlineData(@"\777", 0, "this number is more than one byte")]
    [InlineData(@"\x{}", 0, "these braces need hexadecimal digits and a '}'")]
    [InlineData(@"\x{41", 0, "these braces need hexadecimal digits and a '}'")]
    [InlineData(@"\o{8}", 0, "these braces need octal digits and a '}'")]
    [InlineData(@"\c", 0, @"\c needs a printable ASCII character after it")]
    [InlineData(@"(a)\2", 3, "there is no group '2' to refer to")]
    [InlineData(@"\k<n>", 0, "there is no group 'n' to refer to")]
    [InlineData(@"\g{-1}", 0, "there is no group '0' to refer to")]
    [InlineData("(?(2)a)(b)", 0, "there is no group '2' to refer to")]
    [InlineData(@"\k", 0, @"\k needs a name after it")]
    [InlineData(@"\g", 0, @"\g needs a group after it")]
    [InlineData("(?<n>a)(?<n>b)", 7, "two groups have the name 'n'")]
    [InlineData("(?<1a>b)", 3, "this is no group name")]
    [InlineData("(?<n", 3, "this is no group name")]
    [InlineData("(?J)a", 0, "groups of the same name (?J) are not supported")]
    [InlineData("(?z)", 0, "(? is followed by nothing known")]
    [InlineData("(?i", 0, "this group is not closed")]
    [InlineData("a(?#b", 1, "this comment is not closed")]
    [InlineData("(?|a|b)", 0, "branch reset (?|...) is not supported")]
    [InlineData("(?C)a", 0, "callouts are not supported")]
    [InlineData("(*SKIP)", 0, "verbs such as (*SKIP) are not supported")]
    [InlineData("a(?R)", 1, "recursion and subroutine calls are not supported")]
    [InlineData("(a)(?1)", 3, "recursion and subroutine calls are not supported")]
    [InlineData("(a)(?-1)", 3, "recursion and subroutine calls are not supported")]
    [InlineData("(?&n)", 0, "recursion and subroutine calls are not supported")]
    [InlineData("(?P>n)", 0, "recursion and subroutine calls are not supported")]
    [InlineData(@"\g<1>", 0, "recursion and subroutine calls are not supported")]
    [InlineData("(?(R)a)", 0, "conditions on recursion, DEFINE and VERSION are not supported")]
    [InlineData("(?(DEFINE)a)", 0, "conditions on recursion, DEFINE and VERSION are not supported")]
    [InlineData("(a)(?(1)b|c|d)", 11, "a condition has at most two branches")]
    [InlineData("(?*a)", 0, "non-atomic look-arounds are not supported")]
    [InlineData("a(?<=b+)", 1, "this look-behind has no bounded length")]
    [InlineData("(?<!b{0,256})", 0, "this look-behind has no bounded length")]
    [InlineData(@"(a)(?<=\1)", 3, "this look-behind has no bounded length")]
    [InlineData("(?<=(a|bc)d)e", 0, "this look-behind has a variable length and an atomic or capturing group")]
    [InlineData(@"(?:(a?)|b)*?\1", 0, "a lazy repeat of something that may be empty is too intricate")]
    public void TryParse_WhatCannotBeTranslated_IsRefusedWithItsPlace(string pcre, int offset, string problem)
    {
        var refusal = PcreText.Refusal(pcre);

        Assert.Equal((offset, problem), (refusal.Offset, refusal.Problem));
        Assert.NotEmpty(refusal.Fix);
    }

    [Fact]
    public void TryParse_HalfASurrogatePair_IsRefused()
    {
        var refusal = PcreText.Refusal("a\uD800");

        Assert.Equal((1, "this is half a surrogate pair"), (refusal.Offset, refusal.Problem));
    }

    [Theory]
    [InlineData(PcreParserGroupDepthMax, true)]
    [InlineData(PcreParserGroupDepthMax + 1, false)]
    [InlineData(30_000, false)]
    public void TryParse_NestedGroups_AreBounded(int depth, bool isTaken)
    {
        var pattern = PcrePattern.TryParse(new string('(', depth) + "a" + new string(')', depth), PcreModes.None, out _);

        Assert.Equal(isTaken, pattern is not null);
        if (pattern is not null)
        {
            Assert.NotNull(PcreText.Match(PcreText.Regex(pattern), "a"u8));
        }
    }

    [Fact]
    public void TryParse_LongPattern_IsTakenUpToItsBound()
    {
        Assert.NotNull(PcrePattern.TryParse(new string('a', PcrePattern.BytesMax), PcreModes.None, out _));
        Assert.Null(PcrePattern.TryParse(new string('a', PcrePattern.BytesMax + 1), PcreModes.None, out var problem));
        Assert.Equal("this pattern is longer than 64 KiB", problem!.Problem);
    }

    [Fact]
    public void TryParse_LazyRepeatsThatMultiply_AreRefusedBeforeTheyGrow()
    {
        var pcre = "a?";
        for (var i = 0; i < 60; i++)
        {
            pcre = $"(?:{pcre}b?)+?";
        }

        Assert.Null(PcrePattern.TryParse(pcre, PcreModes.None, out var problem));
        Assert.Equal("this pattern grows too large for .NET", problem!.Problem);
    }

    private const int PcreParserGroupDepthMax = SensorGateway.Rules.Pcre.Parsing.PcreParser.GroupDepthMax;
}
