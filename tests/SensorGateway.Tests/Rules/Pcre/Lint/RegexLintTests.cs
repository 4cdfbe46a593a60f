using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;

namespace SensorGateway.Tests.Rules.Pcre.Lint;

/// <summary>Which patterns without a linear form are dangerous, and where; (?!) and (?=) keep each from a linear form.</summary>
public sealed class RegexLintTests
{
    private const string Exponential = "exponentially many ways";
    private const string Polynomial = "repeats that can take the same bytes cost";

    [Theory]
    [InlineData("^(a+)+$(?!)", 5, Exponential)]
    [InlineData("^(a*)*$(?!)", 5, Exponential)]
    [InlineData("^(?:a|aa)+$(?!)", 9, Exponential)]
    [InlineData("^(?:a|a)+$(?!)", -1, "")] // Parsed to one class: there is nothing to choose.
    [InlineData("^(?:ab|a(?:b))+$(?!)", 14, Exponential)]
    [InlineData("^(?:a?b?)*$(?!)", 9, Exponential)]
    [InlineData("(.*a){20}(?!)", 5, Exponential)]
    [InlineData("(?:.*a){4}(?!)", 4, Polynomial)]
    [InlineData("(x+x+)+y(?!)", 6, Exponential)]
    [InlineData("(a?){30}a{30}(?!)", 4, Exponential)]
    [InlineData("(?=(a+)+b)c", 7, Exponential)]
    [InlineData("(?!(?:a|b|ab)*c)d", 13, Exponential)]
    [InlineData(@"((\w+)\s?)+\2;", 10, Exponential)]
    [InlineData(@"^(\w+\s?)*\1$", 9, Exponential)]
    [InlineData("(?>(a+)+b)", 7, Exponential)]
    [InlineData("(a+)++b", 4, Exponential)]
    [InlineData(@"<(\w+)[^>]*>(?:\s*|[^<]+)*</\1>", 25, Exponential)]
    [InlineData("^a*a*a*b(?!)", 6, Polynomial)]
    [InlineData("foo.*bar.*baz(?!x)", 9, Polynomial)]
    [InlineData(@"\s*\s*=(?!x)", 5, Polynomial)]
    [InlineData("(?=.*a)(?=.*b).*c.*d(?!)", -2, Polynomial)]
    public void Judge_OfADangerousPattern_NamesThePlace(string pcre, int offset, string problem)
    {
        var found = Judge(pcre);

        if (offset == -1)
        {
            Assert.Null(found);
            return;
        }

        Assert.NotNull(found);
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(found.Fix);
        if (offset >= 0)
        {
            Assert.Equal(offset, found.Offset);
        }
    }

    [Theory]
    [InlineData(@"(\w+)\s+\1")]
    [InlineData("^(?:a++)+$")]
    [InlineData("^(?:(?>a+))+$")]
    [InlineData(@"(['""])(?:(?!\1).)*\1")]
    [InlineData("foo(?!bar)")]
    [InlineData("foo(?!bar).*")]
    [InlineData("^(?:ab|cd)+e(?!)")]
    [InlineData(@"^(?:\d{1,3}\.){3}\d{1,3}(?!\d)")]
    [InlineData(@"^(?:[^,]*,){20}x(?!)")]
    [InlineData("^a*b*c*d*(?!)")]
    [InlineData("^a*a*(?!)")]
    [InlineData("a*b(?!)")]
    [InlineData(@"(?m)^\s*foo=[^\n]*bar(?!)")]
    [InlineData(@"(?i)union(?:\s|/\*[^*]*\*/)+select(?!ed)")]
    [InlineData("foo.{0,50}bar.{0,50}baz(?!x)")]
    [InlineData("(?:x{1000}y){3}")]
    [InlineData("(?:^|;)[^=]*=[^;]*;(?:[a-z=;]*)!(?!)")]
    public void Judge_OfAHarmlessPattern_FindsNothing(string pcre) => Assert.Null(Judge(pcre));

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("(.*a){20}")]
    [InlineData("^a*a*a*a*b")]
    public void Judge_OfAPatternWithALinearForm_FindsNothing(string pcre) => Assert.Null(Judge(pcre));

    [Theory]
    [InlineData("(a+)+$(?=b)", "a look-around")]
    [InlineData(@"(a+)+\1$", "a back reference")]
    [InlineData("(?>(a+)+)$", "an atomic group")]
    [InlineData("(a+)++$", "a possessive repeat")]
    [InlineData("(b)?(a+)+(?(1)c|d)", "a condition")]
    [InlineData("(a+){999}$", "a large count")]
    public void Judge_OfADangerousPattern_SaysWhatKeepsItFromALinearForm(string pcre, string obstacle) =>
        Assert.Contains($"and {obstacle} keeps the pattern from running in linear time", Judge(pcre)!.Problem, StringComparison.Ordinal);

    [Fact]
    public void Judge_OfAPatternTooLargeToJudge_SaysSo()
    {
        var many = "(?:" + string.Join('|', Enumerable.Range(0, 700).Select(i => $"{(char)('a' + i % 26)}{i}")) + ")";

        Assert.Contains("too large to judge", Judge($"(?:{many}{many}{many})*(?!)")!.Problem, StringComparison.Ordinal);
    }

    private static PcreProblem? Judge(string pcre)
    {
        var pattern = PcrePattern.TryParse(pcre, PcreModes.None, out var problem);
        Assert.Null(problem);
        return RegexLint.Judge(pattern!, PcreModes.None);
    }
}
