using SensorGateway.Benchmarks.Scenarios.Detect;
using SensorGateway.Benchmarks.Scenarios.EndToEnd;
using SensorGateway.Benchmarks.Scenarios.Ingest;
using SensorGateway.Benchmarks.Scenarios.Publish;
using SensorGateway.Pipeline.Sources;
using SensorGateway.TestKit.Detection;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>One scenario by name.</summary>
/// <param name="Name">A key for ever: another meaning needs another name.</param>
/// <param name="Create">Sets it up and checks its answer.</param>
/// <param name="Missing">Why it cannot run here; null when it can.</param>
/// <param name="Quick">Part of a quick comparison.</param>
internal sealed record ScenarioEntry(string Name, Func<Scenario> Create, Func<string?> Missing, bool Quick = false);

/// <summary>All scenarios of this build.</summary>
internal static class ScenarioCatalog
{
    /// <summary>In the order they are judged in.</summary>
    public static IReadOnlyList<ScenarioEntry> All { get; } =
    [
        Anywhere("detect.pack-74.mixed", static () => DetectWorkloads.Traffic(maliciousRatio: 0.02), quick: true),
        Anywhere("detect.pack-74.attack", static () => DetectWorkloads.Traffic(maliciousRatio: 1)),
        Anywhere("detect.pack-74.cached", DetectWorkloads.CachedTraffic),
        Anywhere("detect.synthetic-1000.events", static () => DetectWorkloads.Synthetic(1000)),
        WithCorpora("detect.mixed-100.benign", static () => DetectWorkloads.Corpus("mixed-100", "benign")),
        WithCorpora("detect.mixed-1000.benign", static () => DetectWorkloads.Corpus("mixed-1000", "benign")),
        WithCorpora("detect.mixed-1000.attack", static () => DetectWorkloads.Corpus("mixed-1000", "attack")),
        WithCorpora("detect.guarded-1000.benign", static () => DetectWorkloads.Corpus("guarded-1000", "benign")),
        Anywhere("ingest.length-prefixed", static () => new IngestScenario(Framing.LengthPrefixed), quick: true),
        Anywhere("ingest.newline", static () => new IngestScenario(Framing.Newline)),
        Anywhere("publish.discard", static () => new PublishScenario(server: null), quick: true),
        WithNats("publish.nats", static () => new PublishScenario(NatsServerProcess.Start())),
        WithNats("e2e.100-rules.1000", static () => new LoadScenario(payloadsPerSecond: 1_000)),
        WithNats("e2e.100-rules.10000", static () => new LoadScenario(payloadsPerSecond: 10_000)),
        Anywhere("harness.steady", static () => new SteadyScenario()),
    ];

    private static ScenarioEntry Anywhere(string name, Func<Scenario> create, bool quick = false) =>
        new(name, create, static () => null, quick);

    private static ScenarioEntry WithCorpora(string name, Func<Scenario> create) =>
        new(name, create, static () => Corpora.Root is null ? "the corpora are not here; set SENSORGATEWAY_CORPORA" : null);

    private static ScenarioEntry WithNats(string name, Func<Scenario> create) => new(name, create, static () =>
    {
        try
        {
            NatsServerProgram.Find();
            return null;
        }
        catch (InvalidOperationException absent)
        {
            return absent.Message;
        }
    });
}
