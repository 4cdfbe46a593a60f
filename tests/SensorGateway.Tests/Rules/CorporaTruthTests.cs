using SensorGateway.Rules;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Detection;
using SensorGateway.Tests.Rules.Pcre;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Rules;

/// <summary>The translation against the known answers: a plain loop over every rule.</summary>
public sealed class CorporaTruthTests(ITestOutputHelper output)
{
    private const int AttackPayloads = 300;

    [Theory]
    [InlineData("all", 11_814)]
    [InlineData("chatty", 147)]
    [InlineData("odd", 12)]
    public void Load_RealRules_ParsesTranslatesAndConstructsAll(string name, int rules)
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var result = RuleLoader.Load([Corpora.PathOf($"rules/{name}.ndjson")], [], "/");

        Assert.Empty(result.Problems);
        Assert.Equal(rules, result.Rules!.Rules.Length);
        foreach (var rule in result.Rules.Rules)
        {
            if (rule.Match is RegexTerm term)
            {
                Assert.NotNull(PcreText.Regex(term.Pattern));
            }
        }
    }

    [Theory]
    [InlineData("mixed-1000", "seeded", int.MaxValue)]
    [InlineData("mixed-1000", "attack", AttackPayloads)]
    public void Match_RealRulesOnRealPayloads_GivesTheTruth(string rules, string payloads, int count)
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var truth = Corpora.Truth(rules, payloads, guards: true);
        var frames = Corpora.Payloads(payloads);
        var matchers = Corpora.Rules(rules).Rules.Select(rule => (rule.Id, Matches: Matcher(rule.Match))).ToList();
        for (var i = 0; i < Math.Min(count, frames.Count); i++)
        {
            var found = matchers.Where(matcher => matcher.Matches(frames[i])).Select(matcher => matcher.Id);
            Assert.Equal(truth.GetValueOrDefault(i) ?? [], found.Order(StringComparer.Ordinal));
        }
    }

    private static Func<byte[], bool> Matcher(MatchNode node)
    {
        if (node is LiteralTerm literal)
        {
            return payload => PcreText.Contains(payload, literal.Bytes.AsSpan(), literal.NoCase);
        }

        var term = (RegexTerm)node;
        var regex = PcreText.Regex(term.Pattern);
        return payload => (term.Guards.IsEmpty || term.Guards.Any(guard => PcreText.Contains(payload, guard.Bytes.AsSpan(), guard.NoCase)))
            && PcreText.Match(regex, payload) is not null;
    }
}
