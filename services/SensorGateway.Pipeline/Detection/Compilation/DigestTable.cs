using SensorGateway.Pipeline.Detection.Hashes;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Known digests and what each means: a hash list's rule, or a term of a rule. Immutable.</summary>
internal sealed class DigestTable
{
    private readonly int[] _terms;
    private readonly string?[]?[] _labels;

    private DigestTable(RuleSet rules, List<(int Term, DigestTerm Digests)> terms)
    {
        Lists = rules.HashLists.Length;
        Index = new DigestIndex(
        [
            .. rules.HashLists.Select(list => list.Digests),
            .. terms.Select(each => new ReadOnlyMemory<byte>([.. each.Digests.Digests.SelectMany(digest => digest)])),
        ]);
        _labels = [.. rules.HashLists.Select(list => list.Labels)];
        _terms = [.. terms.Select(each => each.Term)];
    }

    /// <summary>The digests; its first <see cref="Lists"/> sources are hash lists, the others terms.</summary>
    public DigestIndex Index { get; }

    /// <summary>How many hash lists.</summary>
    public int Lists { get; }

    /// <summary>Term of a source from <see cref="Lists"/> up.</summary>
    public int TermOf(int source) => _terms[source - Lists];

    /// <summary>Label of the first entry of a hash list that equals a digest; null when it has none.</summary>
    public string? LabelOf(int list, ReadOnlySpan<byte> digest)
    {
        var matches = Index.Find(digest);
        while (matches.MoveNext())
        {
            if (matches.Source == list)
            {
                return _labels[list]?[Index.PlaceOf(matches.Number).Place];
            }
        }

        return null;
    }

    /// <summary>Null when nothing asks for digests.</summary>
    public static DigestTable? Of(RuleSet rules, List<(int Term, DigestTerm Digests)> terms)
    {
        var table = new DigestTable(rules, terms);
        return table.Index.Count == 0 ? null : table;
    }
}
