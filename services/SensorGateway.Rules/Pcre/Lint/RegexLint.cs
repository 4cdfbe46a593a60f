using System.Globalization;
using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre.Parsing;

namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>Judges whether a payload can make a backtracking matcher work without end on a pattern.</summary>
/// <remarks>
/// Only patterns without a linear form are judged: the others never meet a backtracking matcher. What is refused is not
/// always dangerous (atomic groups count as plain ones, a count above four as a loop), but what passes has no nested or
/// chained repeats that multiply beyond <see cref="StepsMax"/>.
/// </remarks>
public static class RegexLint
{
    /// <summary>
    /// Steps that a payload of 4 KiB may cost: two loops over the whole payload pass (1.7e7), three (7e10) do not.
    /// </summary>
    public const double StepsMax = 1e9;

    /// <summary>Judges a pattern.</summary>
    /// <param name="pattern">As <see cref="PcrePattern.TryParse"/> made it.</param>
    /// <param name="flags">The flags it was parsed with.</param>
    /// <returns>What is dangerous about it, or null.</returns>
    public static PcreProblem? Judge(BytePattern pattern, PcreModes flags)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (LinearForm.Obstacle(pattern.Root) is not { } obstacle)
        {
            return null;
        }

        // Read again, for the places: few patterns come here, so the tree need not keep them.
        var places = new Dictionary<RepeatNode, int>(ReferenceEqualityComparer.Instance);
        var bytes = Encoding.UTF8.GetBytes(pattern.Pcre);
        if (Danger(PcreParser.Parse(bytes, flags, places)) is not { } danger)
        {
            return null;
        }

        var byteOffset = danger.Where is null ? 0 : places[danger.Where];
        return new PcreProblem(
            Encoding.UTF8.GetCharCount(bytes, 0, byteOffset),
            $"{danger.What}, and {obstacle} keeps the pattern from running in linear time", danger.Fix);
    }

    private static (RepeatNode? Where, string What, string Fix)? Danger(PcreNode root)
    {
        var graph = GraphBuilder.Build(root);
        if (graph.IsTooLarge)
        {
            return (null, "this pattern is too large to judge whether it backtracks", "split it into several rules");
        }

        var loops = LoopComponents.Of(graph);
        foreach (var loop in loops)
        {
            if (ExponentialAmbiguity.IsIn(graph, loop) is not { } isExponential)
            {
                return (loop.Where, "this repeat is too intricate to judge", "split the pattern into several rules");
            }

            if (isExponential)
            {
                return (
                    loop.Where, "this repeat can match the same bytes in exponentially many ways",
                    "let each turn begin and end with bytes that no other part of it takes");
            }
        }

        var chain = new PolynomialAmbiguity(graph, loops);
        chain.Find();
        return chain.Steps <= StepsMax
            ? null
            : (
                chain.Last!.Where,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{chain.Loops} repeats that can take the same bytes cost {chain.Steps:0e0} steps on 4 KiB up to here"),
                "bound them with {0,n}, leave the separator out of what they take, or anchor the pattern with ^");
    }
}
