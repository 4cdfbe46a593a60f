using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>Finds where a rule matched, for alerts only. Owner: one detector.</summary>
internal sealed class MatchLocator(RuleProgram program, DetectionOptions options)
{
    private readonly Dictionary<RegexTerm, RegexSlot> _regexes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LiteralTerm, LiteralTable> _literals = new(ReferenceEqualityComparer.Instance);
    private readonly WidenedPayload _widened = new();
    private string _ruleId = "";

    /// <summary>What it counts into.</summary>
    public required DetectorCounters Counters { get; set; }

    /// <summary>The leftmost match of the rule's first true positive term in file order.</summary>
    public bool TryLocate(int reportedRule, ReadOnlySpan<byte> payload, out MatchLocation location)
    {
        location = default;
        _widened.Reset();
        var rules = program.Rules.Rules;
        if ((uint)reportedRule >= (uint)rules.Length)
        {
            return false;
        }

        _ruleId = rules[reportedRule].Id;
        return Find(rules[reportedRule].Match, payload, ref location);
    }

    private bool Find(MatchNode node, ReadOnlySpan<byte> payload, ref MatchLocation location) => node switch
    {
        AnyNode any => FindFirst(any.Children.AsSpan(), payload, ref location),
        AllNode all => FindFirst(all.Children.AsSpan(), payload, ref location),
        LiteralTerm literal => FindLiteral(literal, payload, ref location),
        RegexTerm regex => FindRegex(regex, payload, ref location),
        _ => false,
    };

    private bool FindFirst(ReadOnlySpan<MatchNode> nodes, ReadOnlySpan<byte> payload, ref MatchLocation location)
    {
        foreach (var node in nodes)
        {
            if (Find(node, payload, ref location))
            {
                return true;
            }
        }

        return false;
    }

    private bool FindLiteral(LiteralTerm literal, ReadOnlySpan<byte> payload, ref MatchLocation location)
    {
        if (!_literals.TryGetValue(literal, out var table))
        {
            var builder = new LiteralTableBuilder();
            builder.Add(literal.Bytes.AsSpan(), literal.NoCase);
            _literals.Add(literal, table = builder.Build());
        }

        var at = table.IndexIn(0, payload);
        location = new MatchLocation(at, literal.Bytes.Length);
        return at >= 0;
    }

    private bool FindRegex(RegexTerm term, ReadOnlySpan<byte> payload, ref MatchLocation location)
    {
        if (options.GuardsAsConditions && !term.Guards.IsEmpty && !HasGuard(term, payload))
        {
            return false;
        }

        if (!_regexes.TryGetValue(term, out var regex))
        {
            regex = program.NewLocatingRegex(term, _ruleId, options.MatchTimeout); // First alert of this rule.
            _regexes.Add(term, regex);
        }

        if (!regex.MayLocate)
        {
            return false;
        }

        try
        {
            if (regex.TryFind(_widened.Of(payload), out var index, out var length))
            {
                location = new MatchLocation(index, length);
                return true;
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // The alert goes out without a place. A pattern may be linear for the automata and slow only here.
            regex.StrikePlace();
            Counters.PlaceTimeouts++;
        }

        return false;
    }

    private bool HasGuard(RegexTerm term, ReadOnlySpan<byte> payload)
    {
        var ignored = default(MatchLocation);
        foreach (var guard in term.Guards)
        {
            if (FindLiteral(guard, payload, ref ignored))
            {
                return true;
            }
        }

        return false;
    }
}
