using System.Collections.Immutable;

namespace SensorGateway.Rules.Pcre.DotNet;

/// <summary>Rewrites a node so that it matches the same, but never the empty string.</summary>
/// <remarks>
/// .NET 10's interpreter goes wrong when an iteration of a lazy loop matches nothing: it reports matches that are none,
/// beyond the end of the text even, or throws. So no lazy loop with such a body is ever handed to it.
/// </remarks>
/// <param name="groups">Bodies of all capturing groups.</param>
/// <param name="referred">The groups that something refers to: what they capture must stay the same.</param>
internal sealed class NonEmpty(IReadOnlyDictionary<int, PcreNode> groups, IReadOnlySet<int> referred)
{
    private const int NullablePartsMax = 32; // Each nullable part of a sequence copies the sequence once.

    private static readonly ByteSetNode Never = new(default);

    /// <returns>The rewritten node, or null where only the matcher can tell what a match takes or captures.</returns>
    public PcreNode? Of(PcreNode node) => ByteLength.Of(node).Min > 0 ? node : node switch
    {
        GroupNode group when referred.Contains(group.Index) => null,
        LookNode look when PcreNodes.Walk(look).OfType<GroupNode>().Any(group => referred.Contains(group.Index)) => null,
        EmptyNode or AnchorNode or LookNode or RepeatNode { Max: 0 } => Never,
        GroupNode group => Of(group.Body) is { } body ? group with { Body = body } : null,
        AlternateNode alternate => OfOptions(alternate),
        ConcatNode concat => OfParts(concat),
        ConditionNode condition => OfBranches(condition),
        RepeatNode repeat => OfRepeat(repeat),
        // An unset group fails, a set one repeats at least what its body takes.
        BackReferenceNode reference => ByteLength.Of(groups[reference.Index]).Min > 0 ? reference : null,
        _ => null,
    };

    /// <summary>True when the node matches the empty string wherever it stands, whatever comes next.</summary>
    private static bool CanAlwaysBeEmpty(PcreNode node) => node switch
    {
        EmptyNode => true,
        GroupNode group => CanAlwaysBeEmpty(group.Body),
        AlternateNode alternate => alternate.Options.Any(CanAlwaysBeEmpty),
        ConcatNode concat => concat.Parts.All(CanAlwaysBeEmpty),
        RepeatNode { Kind: RepeatKind.Possessive } => false,
        RepeatNode repeat => repeat.Min == 0 || CanAlwaysBeEmpty(repeat.Body),
        _ => false,
    };

    private AlternateNode? OfOptions(AlternateNode alternate)
    {
        var options = alternate.Options.Select(Of).ToList();
        return options.Contains(null) ? null : new AlternateNode([.. options.Select(option => option!)]);
    }

    private ConditionNode? OfBranches(ConditionNode condition) =>
        Of(condition.Yes) is { } yes && Of(condition.No) is { } no ? condition with { Yes = yes, No = no } : null;

    /// <summary>Some part takes a byte: one alternative for each part that may be the one.</summary>
    private AlternateNode? OfParts(ConcatNode concat)
    {
        if (concat.Parts.Length > NullablePartsMax)
        {
            return null;
        }

        var options = ImmutableArray.CreateBuilder<PcreNode>();
        for (var i = 0; i < concat.Parts.Length; i++)
        {
            if (Of(concat.Parts[i]) is not { } taking)
            {
                return null;
            }

            if (!ReferenceEquals(taking, Never))
            {
                options.Add(new ConcatNode(concat.Parts.SetItem(i, taking)));
            }
        }

        return new AlternateNode(options.Count == 0 ? [Never] : options.ToImmutable());
    }

    private RepeatNode? OfRepeat(RepeatNode repeat)
    {
        if (ByteLength.Of(repeat.Body).Min > 0)
        {
            return repeat with { Min = 1 };
        }

        // With nothing required, empty iterations add nothing; a possessive repeat chooses before it can be asked.
        return repeat.Kind != RepeatKind.Possessive && (repeat.Min <= 1 || CanAlwaysBeEmpty(repeat.Body))
            && Of(repeat.Body) is { } body
            ? repeat with { Body = body, Min = 1 }
            : null;
    }
}
