using System.Collections.Immutable;
using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Decides for each regex term which literals make it a candidate and what decides it then.</summary>
internal sealed class PlanBuilder(LiteralTableBuilder literals, DetectionOptions options)
{
    /// <summary>
    /// Literals more frequent than this per position make a candidate of too many payloads: the term is then cheaper in
    /// a
    /// group that runs always. 8e-4 measured best of 3e-4, 8e-4 and 2e-3 on the corpora.
    /// </summary>
    public const double TriggerFrequencyMax = 8e-4;

    /// <summary>A bounded repeat that unrolls to more automaton nodes is widened.</summary>
    public const int RepeatNodesMax = LinearForm.RepeatNodesMax;

    private const int FilterBytesBeforeMin = 64;

    private static readonly GramFrequency Frequency = GramFrequency.Typical;

    private readonly FactorFinder _factors = new(Frequency);

    /// <summary>Plans one term of a rule.</summary>
    /// <param name="term">The term.</param>
    /// <param name="root">A pattern that matches within the same payloads as the term's.</param>
    /// <param name="number">The term's number.</param>
    /// <param name="ruleId">For profiles.</param>
    public RegexPlan Plan(RegexTerm term, PcreNode root, int number, string ruleId)
    {
        var nfa = new NfaBuilder(RepeatNodesMax);
        var exact = nfa.Add(root);
        var guard = options.GuardsAsConditions && term.Guards.Length > 0 ? GuardOf(term) : null;
        var factor = _factors.Find(root);

        // A factor bounds where a match can begin and a guard does not, so a little more frequent is still better.
        var useFactor = factor is not null && (guard is null || factor.Frequency <= 4 * guard.Frequency);
        var trigger = useFactor ? factor : guard;
        if (trigger is not null && guard is null && trigger.Frequency > TriggerFrequencyMax)
        {
            trigger = null;
        }

        var guards = guard is null || (trigger is not null && !useFactor) ? [] : Numbers(guard);
        var automaton = new Automaton(nfa.Build());

        // A near trigger says where matches begin, better than a filter could.
        var isNear = useFactor && trigger is not null && trigger.BytesBefore < FilterBytesBeforeMin;
        var mayFilter = trigger is not null && !isNear && !automaton.Nfa.StartAnchored[0];
        return new RegexPlan
        {
            Term = number,
            Automaton = automaton,
            Filter = mayFilter ? AttemptFilter.TryBuild(automaton.Nfa, Frequency) : null,
            Regex = exact ? null : new RegexSlot(term.Pattern, ruleId, options.MatchTimeout),
            Guards = guards,
            Triggers = trigger is null ? [] : Numbers(trigger),
            EndsAttempts = useFactor && trigger is not null,
            BytesBeforeTrigger = useFactor && trigger is not null ? trigger.BytesBefore : int.MaxValue,
        };
    }

    private static Factor GuardOf(RegexTerm term)
    {
        var texts = term.Guards.Select(guard => new FactorText(guard.Bytes, guard.NoCase)).ToImmutableArray();
        return new Factor(texts, texts.Sum(text => Frequency.OfRarest(text.Bytes.AsSpan())), int.MaxValue);
    }

    private ImmutableArray<int> Numbers(Factor factor) =>
        [.. factor.Texts.Select(text => literals.Add(text.Bytes.AsSpan(), text.NoCase)).Distinct()];
}
