using System.Collections.Immutable;
using SensorGateway.Configuration.Values;
using SensorGateway.Pipeline.Detection.Verdicts;
using static SensorGateway.Configuration.Schema.Sizes;

namespace SensorGateway.Configuration.Schema;

/// <summary>Keys about rules, detection and what alerts carry.</summary>
internal static class DetectionKeys
{
    private const int PathCharactersMax = 1024;

    public static ImmutableArray<ConfigKey> All { get; } =
    [
        new(
            "rules.paths", new ListKind(new TextKind("a file, folder or glob", PathCharactersMax), 1, 256),
            "Rule files; relative to the configuration file.")
        {
            Default = "[rules/]",
        },
        new(
            "rules.hashes", new ListKind(new TextKind("a file or glob", PathCharactersMax), 0, 256),
            "Lists of known-bad SHA-256 digests, one a line; relative to the configuration file.")
        {
            Default = "[]",
        },
        new(
            "rules.watch", new ChoiceKind(["true", "false"]), "Reload rules when a file changes.")
        {
            Default = "false",
        },
        new(
            "detection.workers", new AutoOrIntegerKind(1, 64),
            "Detection threads; a sensor always stays with one of them.") { Default = "auto" },
        new(
            "detection.cache.kind",
            new ChoiceKind(["slab", "bitfaster"])
            {
                NotInThisBuild = VerdictCaches.Has(VerdictCacheKind.BitFaster) ? [] : ["bitfaster"],
            },
            "Which cache remembers verdicts: the gateway's own, or BitFaster.Caching (builds with UpstreamPackages=true).")
        {
            Default = "slab",
        },
        new(
            "detection.cache.entries", new IntegerKind(0, 1_000_000),
            "Verdicts remembered per worker; 0 turns the cache off.") { Default = "1000" },
        new(
            "detection.cache.max_payload", Size(64, 64 * KiB), "Longer payloads are not remembered.")
        {
            Default = "4KiB",
        },
        new(
            "detection.match_timeout", Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10)),
            "Longest time one backtracking regex may take on one payload.")
        {
            Default = "10ms",
        },
        new(
            "alerts.payload_bytes", Size(0, 128 * KiB), "Most bytes of the payload that an alert repeats.")
        {
            Default = "1KiB",
        },
        new(
            "alerts.max_rules", new IntegerKind(1, 1024), "Most rules that an alert names; it counts them all.")
        {
            Default = "32",
        },
    ];
}
