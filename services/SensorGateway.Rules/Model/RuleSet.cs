using System.Collections.Immutable;

namespace SensorGateway.Rules.Model;

/// <summary>Everything that detection needs to know, as one immutable generation.</summary>
/// <param name="Rules">Ordered by id, ordinally; the place in this array is the rule's index everywhere else.</param>
/// <param name="HashLists">Lists of known-bad SHA-256 digests.</param>
public sealed record RuleSet(ImmutableArray<Rule> Rules, ImmutableArray<HashList> HashLists)
{
    /// <summary>No rules at all.</summary>
    public static RuleSet Empty { get; } = new([], []);
}

/// <summary>One file of known-bad SHA-256 digests; a hit is reported as rule <c>ioc.NAME</c>.</summary>
/// <param name="Name">The file's name without extension.</param>
/// <param name="Digests">32 bytes a digest, one after the other, in file order.</param>
/// <param name="Labels">Label of each digest, or null where the line has none. Null when no line has one.</param>
public sealed record HashList(string Name, ReadOnlyMemory<byte> Digests, string?[]? Labels)
{
    /// <summary>Bytes of one SHA-256 digest.</summary>
    public const int DigestBytes = 32;

    /// <summary>How many digests.</summary>
    public int Count => Digests.Length / DigestBytes;
}
