using SensorGateway.Pipeline.Detection.Verdicts;

namespace SensorGateway.Pipeline.Detection;

/// <summary>How payloads are checked. Immutable: a reload builds a new one and swaps it in.</summary>
public sealed record DetectionOptions
{
    /// <summary>Which cache remembers verdicts.</summary>
    public VerdictCacheKind CacheKind { get; init; }

    /// <summary>Verdicts kept per worker; 0 switches the cache off.</summary>
    public int CacheEntries { get; init; } = 1000;

    /// <summary>Longer payloads are not cached. Each entry reserves this many bytes.</summary>
    public int CachePayloadBytesMax { get; init; } = 4096;

    /// <summary>How long one backtracking regex may work on one payload before it counts as not matching.</summary>
    public TimeSpan MatchTimeout { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>False reports a regex term even where none of its guards is in the payload.</summary>
    public bool GuardsAsConditions { get; init; } = true;

    /// <summary>Pairs of rule and sensor that a worker remembers at once for rules with <c>suppress</c>.</summary>
    public int SuppressedPairsMax { get; init; } = 16_384;

    /// <summary>Bytes of lazily built states that one automaton may hold before it is split or starts over.</summary>
    public int AutomatonBytesMax { get; init; } = 256 << 10;
}
