using System.Runtime.CompilerServices;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Suppressing;

/// <summary>Which rules of one generation are held back, and for how long; made once, shared by all workers.</summary>
internal sealed class SuppressionPlan
{
    private static readonly ConditionalWeakTable<RuleProgram, SuppressionPlan> Made = [];

    private readonly SuppressedRule?[] _byRule;
    private readonly Dictionary<string, SuppressedRule> _byId;

    private SuppressionPlan(ReadOnlySpan<Rule> rules)
    {
        _byRule = new SuppressedRule?[rules.Length];
        _byId = new Dictionary<string, SuppressedRule>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i] is { SuppressFor: var window } rule && window > TimeSpan.Zero)
            {
                var texts = new AlertRule(rule.Id, rule.Title, rule.Severity, rule.Tags, rule.Author);
                var suppressed = new SuppressedRule(rule.Id, texts, window);
                _byRule[i] = suppressed;
                _byId.Add(rule.Id, suppressed);
            }
        }
    }

    /// <summary>Holds nothing back.</summary>
    public static SuppressionPlan Empty { get; } = new([]);

    /// <summary>True when no rule is held back.</summary>
    public bool IsEmpty => _byId.Count == 0;

    /// <summary>The plan of a generation. The first call for it allocates: make it off the path.</summary>
    public static SuppressionPlan For(RuleProgram program) =>
        Made.GetValue(program, static made => new SuppressionPlan(made.Rules.Rules.AsSpan()));

    /// <summary>The rule with this index in the program's reported rules; null when each match is sent, as of hash lists.</summary>
    public SuppressedRule? At(int reportedRule) =>
        (uint)reportedRule < (uint)_byRule.Length ? _byRule[reportedRule] : null;

    /// <summary>The rule of this id; null when it is gone or not held back any more.</summary>
    public SuppressedRule? Find(string id) => _byId.GetValueOrDefault(id);
}
