using System.Collections.Immutable;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Tracing;

namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>What can be said of a rule before any payload has come.</summary>
/// <param name="Stage">The last stage that any of its terms may need.</param>
/// <param name="Literals">
/// Escaped literals of which a payload must hold one before anything of the rule runs, lower case where case is ignored;
/// empty when some term of it runs on every payload, or for digests.
/// </param>
/// <param name="Transforms">Names of its terms' transforms, each once.</param>
public sealed record RuleFacts(DetectionStage Stage, ImmutableArray<string> Literals, ImmutableArray<string> Transforms)
{
    /// <summary>Facts of all reported rules of a program.</summary>
    internal static RuleFacts[] Of(RuleProgram program)
    {
        var terms = new (DetectionStage Stage, IEnumerable<string> Literals)[program.TermCount];
        foreach (var view in program.Views)
        {
            foreach (var literal in view.Actions.Used)
            {
                foreach (var action in view.Actions.ByLiteral[literal])
                {
                    if (action >= 0)
                    {
                        terms[action] = (DetectionStage.Literal, [Text(view, literal)]);
                    }
                }
            }

            foreach (var plan in view.Plans)
            {
                var stage = plan.Regex is null ? DetectionStage.Dfa : DetectionStage.Regex;
                terms[plan.Term] = (stage, plan.Triggers.Select(literal => Text(view, literal)));
            }
        }

        foreach (var digest in program.DigestTerms)
        {
            terms[digest] = (DetectionStage.Hash, []);
        }

        var facts = new RuleFacts[program.Reported.Length];
        for (var rule = 0; rule < facts.Length; rule++)
        {
            int[] mine = rule < program.Rules.Rules.Length ? [.. program.TermsOfRule[rule]] : [];
            var literals = mine.SelectMany(term => terms[term].Literals).Distinct();
            var chains = mine.Select(term => program.Views[program.ViewOfTerm[term]].Chain);
            facts[rule] = new RuleFacts(
                mine.Length == 0 ? DetectionStage.Hash : mine.Max(term => terms[term].Stage),
                mine.Any(term => program.RunsAlways[term]) ? [] : [.. literals],
                [.. chains.Where(chain => !chain.IsNone).Distinct().Select(chain => chain.Name)]);
        }

        return facts;
    }

    private static string Text(ViewProgram view, int literal) => LiteralText.Of(view.Literals.BytesOf(literal));
}
