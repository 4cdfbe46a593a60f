using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Factors;

/// <summary>Finds the rarest set of literals of which every match of a pattern holds one.</summary>
internal sealed class FactorFinder(GramFrequency frequency)
{
    /// <summary>Null when the pattern can match without any particular literal.</summary>
    public Factor? Find(PcreNode root)
    {
        var found = Look(root);
        return Rarer(found.Best, found.Exact?.ToFactor(frequency));
    }

    /// <summary>The rarer one; among equals the one closer to the start of the match.</summary>
    private static Factor? Rarer(Factor? left, Factor? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        return right.Frequency < left.Frequency
            || (right.Frequency <= left.Frequency && right.BytesBefore < left.BytesBefore) ? right : left;
    }

    private Found Look(PcreNode node) => node switch
    {
        ByteSetNode bytes => new(FactorRun.Of(bytes.Set), null),
        ConcatNode concat => LookAtConcat(concat),
        AlternateNode alternate => LookAtOptions(alternate.Options),
        RepeatNode repeat => LookAtRepeat(repeat),
        GroupNode group => Look(group.Body),
        AtomicNode atomic => Look(atomic.Body),
        ConditionNode condition => LookAtOptions([condition.Yes, condition.No]),
        BackReferenceNode => new(null, null),
        LookNode { Ahead: true, Negative: false } look => new(FactorRun.Empty, Find(look.Body)),
        _ => new(FactorRun.Empty, null), // Anchors and other look-arounds take no bytes.
    };

    private Found LookAtConcat(ConcatNode concat)
    {
        Factor? best = null;
        FactorRun? run = FactorRun.Empty;
        var core = FactorRun.Empty; // What follows the last part with a choice: fewer strings, often as rare.
        var coreBefore = 0;
        var isWhole = true; // The run is everything so far.
        var before = 0;     // Bytes at most before the run.
        var length = 0;     // Bytes at most up to here.
        foreach (var part in concat.Parts)
        {
            var partLength = ByteLength.Of(part).Max;
            var found = Look(part);
            best = Rarer(best, found.Best?.After(length));
            var longer = found.Exact is null ? null : run.Then(found.Exact);
            var longerCore = found.Exact is { Count: 1 } ? core.Then(found.Exact) : null;
            if (longerCore is null)
            {
                best = Rarer(best, core.ToFactor(frequency)?.After(coreBefore));
                coreBefore = Sum(length, partLength);
            }

            core = longerCore ?? FactorRun.Empty;
            if (longer is null)
            {
                best = Rarer(best, run.ToFactor(frequency)?.After(before));
                isWhole = false;
                run = found.Exact ?? found.Tail ?? FactorRun.Empty;
                before = found.Exact is not null ? length : Sum(length, partLength);
            }
            else
            {
                run = longer;
            }

            length = Sum(length, partLength);
        }

        best = Rarer(best, core.ToFactor(frequency)?.After(coreBefore));
        return isWhole ? new(run, best) : new(null, Rarer(best, run.ToFactor(frequency)?.After(before)), run);
    }

    private static int Sum(int left, int right) => (int)Math.Min((long)left + right, RepeatNode.Unbounded);

    private Found LookAtOptions(IReadOnlyList<PcreNode> options)
    {
        FactorRun? exact = null;
        var allExact = true;
        var texts = new List<FactorText>();
        var (sum, before, allBest) = (0.0, 0, true);
        for (var i = 0; i < options.Count; i++)
        {
            var found = Look(options[i]);
            exact = i == 0 ? found.Exact : found.Exact is null ? null : exact?.Or(found.Exact);
            allExact &= exact is not null;
            var best = Rarer(found.Best, found.Exact?.ToFactor(frequency));
            if (best is null || texts.Count + best.Texts.Length > FactorRun.StringsMax)
            {
                allBest = false;
                continue;
            }

            texts.AddRange(best.Texts);
            sum += best.Frequency;
            before = Math.Max(before, best.BytesBefore);
        }

        return new(allExact ? exact : null, allBest ? new Factor([.. texts.Distinct()], sum, before) : null);
    }

    private Found LookAtRepeat(RepeatNode repeat)
    {
        if (repeat.Min == 0)
        {
            if (repeat.Max == 1 && Look(repeat.Body).Exact is { } maybe)
            {
                return new(maybe.Or(FactorRun.Empty), null);
            }

            return new(null, null);
        }

        var body = Look(repeat.Body);
        if (body.Exact is null)
        {
            return new(null, body.Best, body.Tail);
        }

        var run = body.Exact;
        for (var i = 1; i < repeat.Min; i++)
        {
            if (run.Then(body.Exact) is not { } longer)
            {
                return new(null, Rarer(body.Best, run.ToFactor(frequency)), body.Exact);
            }

            run = longer;
        }

        return repeat.Max == repeat.Min
            ? new(run, body.Best)
            : new(null, Rarer(body.Best, run.ToFactor(frequency)), run);
    }

    /// <summary>What a node is known to hold.</summary>
    /// <param name="Exact">All strings it can match, when they are few.</param>
    /// <param name="Best">The rarest factor inside it.</param>
    /// <param name="Tail">Strings of which each match ends with one, where that is known though Exact is not.</param>
    private readonly record struct Found(FactorRun? Exact, Factor? Best, FactorRun? Tail = null);
}
