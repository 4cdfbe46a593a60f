namespace SensorGateway.Configuration.Schema;

/// <summary>Named sets of defaults.</summary>
internal static class ConfigProfiles
{
    /// <summary>The defaults of the schema, unchanged.</summary>
    public const string Balanced = "balanced";

    private static readonly Dictionary<string, Dictionary<string, string>> Differences = new(StringComparer.Ordinal)
    {
        ["low-latency"] = new(StringComparer.Ordinal)
        {
            ["publishing.batch.max_window"] = "0ms",
        },
        [Balanced] = new(StringComparer.Ordinal),
        ["high-throughput"] = new(StringComparer.Ordinal)
        {
            ["ring.slots"] = "16384",
            ["ring.overflow"] = "48MiB",
            ["publishing.connections"] = "8",
            ["publishing.batch.max_alerts"] = "2048",
            ["publishing.batch.max_bytes"] = "256KiB",
            ["publishing.batch.max_window"] = "5ms",
            ["publishing.unconfirmed"] = "128MiB",
        },
        ["low-resource"] = new(StringComparer.Ordinal)
        {
            ["ring.slots"] = "512",
            ["ring.overflow"] = "512KiB",
            ["detection.workers"] = "1",
            ["detection.cache.entries"] = "200",
            ["publishing.unconfirmed"] = "8MiB",
        },
    };

    /// <summary>All names, from quick to small.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Differences.Keys];

    /// <summary>The defaults that differ from the schema's, by path.</summary>
    public static IReadOnlyDictionary<string, string> Of(string name) => Differences[name];
}
