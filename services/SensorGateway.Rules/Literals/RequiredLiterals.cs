using SensorGateway.Rules.Pcre;

namespace SensorGateway.Rules.Literals;

/// <summary>Finds byte strings of which every match of a pattern holds one, so that a cheap scan can rule most payloads out.</summary>
public static class RequiredLiterals
{
    /// <summary>Shortest literal worth reporting, in bytes.</summary>
    public const int BytesMin = 2;

    // A set with a short literal is only taken when there is no other.
    private const double ShortPenalty = 1e6;

    // Each literal costs the scan some room, however rare it is.
    private const double CostOfEach = 1e-11;

    private const int ContainmentMax = 256; // Sets up to this size are searched for strings inside strings.

    /// <param name="root">Tree of the pattern.</param>
    /// <param name="commonness">How often a literal stands in ordinary traffic; by default an estimate from its bytes.</param>
    /// <returns>The requirement that is met most rarely, or null when there is none of at least two bytes.</returns>
    public static LiteralRequirement? Find(PcreNode root, Func<RequiredLiteral, double>? commonness = null)
    {
        commonness ??= LiteralCommonness.Of;
        var known = new Dictionary<TextSet, double>(ReferenceEqualityComparer.Instance);
        var finder = new LiteralFinder(set => Cost(set, commonness, known));
        var facts = finder.Of(root);
        var best = finder.BestOf(facts);
        if (best is null || best.BytesMin < 1)
        {
            return null;
        }

        var isWhole = ReferenceEquals(best, facts.All) && best.IsPure && best.Texts.All(text => text.IsExact);
        if (best.BytesMin < BytesMin && !isWhole)
        {
            return null;
        }

        var literals = best.Texts.Select(text => text.ToLiteral())
            .DistinctBy(literal => (Convert.ToHexString(literal.Bytes.AsSpan()), literal.NoCase))
            .ToList();
        return new LiteralRequirement([.. WithoutContaining(literals)], isWhole);
    }

    private static double Cost(TextSet? set, Func<RequiredLiteral, double> commonness, Dictionary<TextSet, double> known)
    {
        if (set is null || set.BytesMin == 0)
        {
            return double.PositiveInfinity;
        }

        if (!known.TryGetValue(set, out var cost))
        {
            var often = set.Texts.Sum(text => commonness(text.ToLiteral()) + CostOfEach);
            cost = set.BytesMin < LiteralRequirement.UsefulBytes ? often * ShortPenalty : often;
            known.Add(set, cost);
        }

        return cost;
    }

    /// <summary>Drops strings that hold another one of the set: whoever finds the longer finds the shorter.</summary>
    private static IEnumerable<RequiredLiteral> WithoutContaining(List<RequiredLiteral> literals)
    {
        if (literals.Count > ContainmentMax)
        {
            return literals;
        }

        var lower = literals.ConvertAll(literal => FoldedText.Lower(literal.Bytes.AsSpan()));
        return literals.Where((_, outer) => !literals.Where((_, inner) => inner != outer && IsInside(inner, outer)).Any());

        bool IsInside(int inner, int outer)
        {
            if (lower[inner].Length > lower[outer].Length || (literals[outer].NoCase && !literals[inner].NoCase))
            {
                return false;
            }

            return literals[inner].NoCase
                ? lower[outer].AsSpan().IndexOf(lower[inner]) >= 0
                : literals[outer].Bytes.AsSpan().IndexOf(literals[inner].Bytes.AsSpan()) >= 0;
        }
    }
}
