using SensorGateway.Rules.Pcre;

namespace SensorGateway.Rules.Literals;

/// <summary>What is known of the strings in a match of one node.</summary>
/// <param name="All">All strings the node can match, or null when they are too many.</param>
/// <param name="Best">The best set of which every match holds one, when <paramref name="All"/> is null; or null.</param>
internal readonly record struct LiteralFacts(TextSet? All, TextSet? Best);

/// <summary>Finds the facts of a tree bottom-up.</summary>
/// <param name="cost">How often a set is found in payloads, by estimate; null is worse than any.</param>
internal sealed class LiteralFinder(Func<TextSet?, double> cost)
{
    private const int CopiesMax = 16; // Copies of a repeated body that are spelt out.
    private const int OptionalMax = 8; // Strings of an optional part worth multiplying with.

    private static readonly LiteralFacts Unknown = new(null, null);

    public LiteralFacts Of(PcreNode node) => node switch
    {
        ByteSetNode bytes => new(TextSet.OfClass(bytes.Set), null),
        EmptyNode => new(TextSet.Empty, null),
        AnchorNode or LookNode => new(TextSet.Condition, null),
        GroupNode group => Of(group.Body),
        AtomicNode atomic => Impure(Of(atomic.Body)),
        AlternateNode alternate => OfOptions([.. alternate.Options.Select(Of)]),
        ConditionNode condition => Impure(OfOptions([Of(condition.Yes), Of(condition.No)])),
        RepeatNode => new Sequence(this).Add(node).Facts(),
        ConcatNode concat => concat.Parts.Aggregate(new Sequence(this), (sequence, part) => sequence.Add(part)).Facts(),
        _ => Unknown,
    };

    /// <summary>The set that serves best: all strings where they are known.</summary>
    public TextSet? BestOf(LiteralFacts facts) => Better(facts.All, facts.Best);

    private TextSet? Better(TextSet? left, TextSet? right) => cost(right) < cost(left) ? right : left;

    private static LiteralFacts Impure(LiteralFacts facts) =>
        facts.All is { } all ? new(all with { IsPure = false }, facts.Best) : facts;

    private LiteralFacts OfOptions(IReadOnlyList<LiteralFacts> options)
    {
        if (options.All(option => option.All is not null)
            && TextSet.Union([.. options.Select(option => option.All!)]) is { } all)
        {
            return new(all, null);
        }

        var bests = options.Select(BestOf).ToList();
        return new(null, bests.Contains(null) ? null : TextSet.Union([.. bests.Select(best => best!)]));
    }

    /// <summary>Parts one after the other: strings grow until a part is not known, then start anew.</summary>
    private sealed class Sequence(LiteralFinder finder)
    {
        private TextSet _run = TextSet.Empty;
        private TextSet? _best;
        private bool _isBroken;

        public Sequence Add(PcreNode part)
        {
            if (part is RepeatNode repeat)
            {
                AddRepeat(repeat);
            }
            else
            {
                Add(finder.Of(part));
            }

            return this;
        }

        public LiteralFacts Facts()
        {
            if (!_isBroken)
            {
                return new(_run, null);
            }

            return new(null, finder.Better(_best, _run));
        }

        private void Add(LiteralFacts part)
        {
            if (part.All is null)
            {
                Break();
                _best = finder.Better(_best, part.Best);
            }
            else if (_run.Then(part.All) is { } longer)
            {
                _run = longer;
            }
            else
            {
                Break();
                _run = part.All;
            }
        }

        private void AddRepeat(RepeatNode repeat)
        {
            var body = finder.Of(repeat.Body);
            var isOptional = repeat is { Min: 0, Max: 1 } && body.All?.Texts.Count <= OptionalMax;
            if (isOptional || repeat.Max == 0)
            {
                var none = repeat.Kind == RepeatKind.Possessive ? TextSet.Condition : TextSet.Empty;
                Add(new LiteralFacts(repeat.Max == 0 ? none : TextSet.Union([body.All!, none]), null));
                return;
            }

            var copies = Math.Min(repeat.Min, CopiesMax);
            AddCopies(body, copies);
            if (repeat.Max != repeat.Min || copies != repeat.Min)
            {
                // Any number may stand between the first copies and the last: both ends are sure, the middle is not.
                Break();
                AddCopies(body, copies);
            }
        }

        private void AddCopies(LiteralFacts body, int copies)
        {
            for (var i = 0; i < copies; i++)
            {
                Add(body);
            }
        }

        private void Break()
        {
            _best = finder.Better(_best, _run);
            _run = TextSet.Empty;
            _isBroken = true;
        }
    }
}
