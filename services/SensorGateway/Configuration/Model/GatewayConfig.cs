using System.Collections.Immutable;
using System.Net;
using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.Configuration.Model;

/// <summary>The whole configuration after defaults, checks and overrides. Immutable.</summary>
public sealed record GatewayConfig
{
    /// <summary>Stands in every alert and begins its id.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the set of defaults.</summary>
    public required string Profile { get; init; }

    /// <summary>Folder that relative paths start from: the configuration file's own.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>Where sensors send payloads; at least one.</summary>
    public required ImmutableArray<SourceOptions> Sources { get; init; }

    /// <summary>How threads are placed and wait.</summary>
    public required ThreadConfig Threads { get; init; }

    /// <summary>Room between sources and detection.</summary>
    public required RingConfig Ring { get; init; }

    /// <summary>Where rules and hash lists are.</summary>
    public required RuleConfig Rules { get; init; }

    /// <summary>How payloads are checked.</summary>
    public required DetectionConfig Detection { get; init; }

    /// <summary>What alerts carry.</summary>
    public required AlertConfig Alerts { get; init; }

    /// <summary>How alerts leave.</summary>
    public required PublishingConfig Publishing { get; init; }

    /// <summary>Where /healthz, /readyz, /metrics and /status are served.</summary>
    public required IPEndPoint TelemetryListen { get; init; }

    /// <summary>Full path of the Unix socket for reload and status.</summary>
    public required string ControlSocket { get; init; }

    /// <summary>How the gateway logs.</summary>
    public required LogConfig Log { get; init; }
}

/// <summary>How threads are pinned.</summary>
/// <param name="Mode">Who chooses the CPUs.</param>
/// <param name="Cpus">CPU numbers; empty unless listed.</param>
public sealed record CpuChoice(Pinning Mode, ImmutableArray<int> Cpus);

/// <summary>How threads are placed and wait.</summary>
/// <param name="Pinning">Placement.</param>
/// <param name="NeverPark">True for <c>wait: spin</c>.</param>
public sealed record ThreadConfig(CpuChoice Pinning, bool NeverPark);

/// <summary>Room between sources and detection; one byte ring as large as both parts together.</summary>
/// <param name="Slots">Payloads of up to 1 KiB, header included.</param>
/// <param name="OverflowBytes">Further room for larger ones.</param>
public sealed record RingConfig(int Slots, long OverflowBytes)
{
    /// <summary>Bytes that one slot stands for.</summary>
    public const int SlotBytes = 1024;

    /// <summary>Size of the byte ring.</summary>
    public long CapacityBytes => (long)Slots * SlotBytes + OverflowBytes;
}

/// <summary>Where rules and hash lists are.</summary>
/// <param name="Paths">Files, folders and globs, as written.</param>
/// <param name="Hashes">Files and globs, as written.</param>
/// <param name="Watch">Reload when a file changes.</param>
public sealed record RuleConfig(ImmutableArray<string> Paths, ImmutableArray<string> Hashes, bool Watch);

/// <summary>How payloads are checked.</summary>
/// <param name="Workers">Detection threads; null lets the gateway choose.</param>
/// <param name="CacheKind">Which cache remembers verdicts.</param>
/// <param name="CacheEntries">Verdicts kept; 0 turns the cache off.</param>
/// <param name="CachePayloadBytesMax">Larger payloads are not cached.</param>
/// <param name="MatchTimeout">Longest time one backtracking regex may take on one payload.</param>
public sealed record DetectionConfig(
    int? Workers, VerdictCacheKind CacheKind, int CacheEntries, int CachePayloadBytesMax, TimeSpan MatchTimeout);

/// <summary>What alerts carry.</summary>
/// <param name="PayloadBytesMax">Most payload bytes copied into an alert.</param>
/// <param name="RulesMax">Most rules named in an alert.</param>
public sealed record AlertConfig(int PayloadBytesMax, int RulesMax);

/// <summary>How the gateway logs.</summary>
/// <param name="Level">trace, debug, info, warn or error.</param>
/// <param name="IsJson">One JSON object a line instead of text.</param>
public sealed record LogConfig(string Level, bool IsJson);
