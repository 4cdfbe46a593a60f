using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Detection.Workers;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>Three generations of a small rule set: literals, regexes, a hash list, and rules that are held back.</summary>
internal static class SimulatedRules
{
    /// <summary>No regex may run out of real time: that would be another story on another machine.</summary>
    public static DetectionOptions Options { get; } = new()
    {
        CacheEntries = 16,
        CachePayloadBytesMax = 512,
        SuppressedPairsMax = 8,
        MatchTimeout = TimeSpan.FromMinutes(10),
    };

    /// <summary>In the order of reloads.</summary>
    public static IReadOnlyList<RuleProgram> Generations { get; } =
    [
        Build(0, suppress: 2_000, withKnock: true),
        Build(1, suppress: 300, withKnock: true),
        Build(2, suppress: 0, withKnock: false),
    ];

    /// <summary>Words that make a payload match, gravest last; none of them is in a clean payload.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["knock", "info-mark", "probe", "union  select", "<script", "/etc/passwd"];

    private static RuleProgram Build(int generation, int suppress, bool withKnock)
    {
        var rules = new List<Rule>
        {
            SmallRules.Literal("a.script", "<script", Severity.High),
            SmallRules.Literal("b.passwd", "/etc/passwd", Severity.Critical),
            SmallRules.Regex("c.union", @"(?i)union\s+select", Severity.Medium),
            SmallRules.Literal("d.probe", "probe", Severity.Low) with { SuppressFor = TimeSpan.FromMilliseconds(suppress / 4) },
            SmallRules.Literal("e.info", "info-mark", Severity.Info),
            SmallRules.Regex($"f.generation-{generation}", @"gen-\d+-x", Severity.Low),
        };
        if (withKnock)
        {
            rules.Add(SmallRules.Literal("g.knock", "knock", Severity.Low) with { SuppressFor = TimeSpan.FromMilliseconds(suppress) });
        }

        var set = SmallRules.WithHash(SmallRules.Of([.. rules]), "bad", "seen before", "a known bad payload"u8);
        return RuleProgram.Build(set, Options);
    }
}
