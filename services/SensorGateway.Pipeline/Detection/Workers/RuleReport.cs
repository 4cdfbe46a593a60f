using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection.Suppressing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Workers;

/// <summary>Turns a verdict into an alert: gravest rule first, then by id, each with the place where it matched.</summary>
internal sealed class RuleReport(Detector detector, AlertEncoder encoder, Suppressor suppressor)
{
    private readonly byte[] _digest = new byte[HashList.DigestBytes];
    private RuleAlerts _rules = RuleAlerts.Empty;
    private int[] _order = [];
    private int _ruleCount;

    /// <summary>Takes over the next generation's texts.</summary>
    public void Use(RuleProgram program)
    {
        _rules = RuleAlerts.For(program);
        _order = new int[_rules.Count];
        _ruleCount = program.Rules.Rules.Length;
    }

    /// <summary>Makes a generation's texts ahead of <see cref="Use"/>. Any thread.</summary>
    public static void Prepare(RuleProgram program) => RuleAlerts.For(program);

    /// <summary>Writes the alert into the encoder, without the rules that are held back for this sensor.</summary>
    /// <param name="sensor">Who sent the payload.</param>
    /// <param name="record">The payload.</param>
    /// <param name="verdict">At least one rule.</param>
    /// <param name="gravest">The gravest severity that matched, held back or not.</param>
    /// <returns>False when no rule is left: there is no alert then.</returns>
    public bool TryWrite(Sensor sensor, in RingRecord record, in Verdict verdict, out Severity gravest)
    {
        var payload = record.Payload;
        var order = _order.AsSpan(0, verdict.Rules.Length);
        verdict.Rules.CopyTo(order);
        if (order.Length > 1)
        {
            order.Sort(_rules.GravestFirst);
        }

        gravest = _rules[order[0]].Severity;
        order = order[..suppressor.Hold(order, sensor, record.Tag.ReceivedAtTicks)];
        if (order.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> digest = verdict.Sha256;
        if (digest.IsEmpty)
        {
            detector.ComputeSha256(payload, _digest);
            digest = _digest;
        }

        encoder.Begin(sensor, record.Tag.ReceivedAtTicks, payload, digest, order.Length);
        foreach (var rule in order)
        {
            if (!encoder.TakesRules)
            {
                break; // The rest is in rules_total; looking for their places would be work for nothing.
            }

            if (!detector.TryLocate(rule, payload, out var place, out var bytes))
            {
                place = new MatchLocation(-1, 0);
            }

            var title = rule >= _ruleCount ? verdict.HashLabelOf(rule) : null;
            encoder.AddRule(_rules[rule], title, place.Offset, place.Length, bytes, place.Transform);
        }

        encoder.Finish();
        return true;
    }
}

/// <summary>The alert texts of one generation of rules; made once, shared by all workers.</summary>
internal sealed class RuleAlerts
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<RuleProgram, RuleAlerts> Made = [];

    private readonly AlertRule[] _rules;

    private RuleAlerts(AlertRule[] rules)
    {
        _rules = rules;
        GravestFirst = Compare; // One delegate for ever: a method group at the call would make one per alert.
    }

    /// <summary>No rules.</summary>
    public static RuleAlerts Empty { get; } = new([]);

    /// <summary>How many, hash lists included.</summary>
    public int Count => _rules.Length;

    /// <summary>Orders rule indexes by falling severity, then by id (indexes are in the order of ids).</summary>
    public Comparison<int> GravestFirst { get; }

    /// <summary>Texts of the rule with this index.</summary>
    public AlertRule this[int index] => _rules[index];

    /// <summary>The texts of a generation.</summary>
    public static RuleAlerts For(RuleProgram program) => Made.GetValue(
        program,
        static made => new RuleAlerts(
            [.. made.Reported.ToArray().Select(static rule => new AlertRule(
                rule.Id, rule.Title, rule.Severity, rule.Tags, rule.Author))]));

    private int Compare(int left, int right)
    {
        // As numbers: CompareTo of an enum boxes both sides.
        var bySeverity = (int)_rules[right].Severity - (int)_rules[left].Severity;
        return bySeverity != 0 ? bySeverity : left.CompareTo(right);
    }
}
