using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;
using SensorGateway.TestKit.Detection;
using SensorGateway.Tests.Detection;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Rules.Pcre.Lint;

/// <summary>The lint and the engine agree on which patterns never meet a backtracking matcher.</summary>
public sealed class LinearFormTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("a{600}", true)]
    [InlineData("a{601}", false)]
    [InlineData("(?:ab){250}", false)]
    [InlineData("(?:a{30}){30}", false)]
    [InlineData("(?=a){0}b", true)]
    [InlineData("(?:(?=a)){0}+b", false)]
    [InlineData("a{0,}+", false)]
    [InlineData("a?+", false)]
    public void Obstacle_OfCountsAndPossessives_AgreesWithTheEngine(string pcre, bool isLinear)
    {
        var root = PcrePattern.TryParse(pcre, PcreModes.None, out _)!.Root;

        Assert.Equal(isLinear, LinearForm.Obstacle(root) is null);
        AssertAgrees(root);
    }

    [Fact]
    public void Obstacle_OfRandomPatterns_AgreesWithTheEngine()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            AssertAgrees(new RandomPatterns(seed).Next(plain: false).Pattern.Root);
        }
    }

    [Fact]
    public void Obstacle_OfAllCorpusRules_AgreesWithTheEngine()
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var terms = Corpora.Rules("all").Rules.Select(rule => rule.Match).OfType<RegexTerm>().ToList();
        terms.ForEach(term => AssertAgrees(term.Pattern.Root));
        output.WriteLine($"{terms.Count} regexes, {terms.Count(term => LinearForm.Obstacle(term.Pattern.Root) is null)} linear, {terms.Count(term => term.IsConfined)} confined");
        Assert.InRange(terms.Count(term => term.IsConfined), 1, terms.Count / 20);
    }

    private static void AssertAgrees(PcreNode root) =>
        Assert.Equal(new NfaBuilder(LinearForm.RepeatNodesMax).Add(root), LinearForm.Obstacle(root) is null);
}
