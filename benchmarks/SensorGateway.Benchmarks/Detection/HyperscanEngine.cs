using System.Diagnostics;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Detection.Hyperscan;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>Hyperscan over the rules' own patterns; guards are not asked.</summary>
internal sealed class HyperscanEngine : IMatchEngine
{
    private readonly HyperscanDatabase _database;

    private HyperscanEngine(HyperscanDatabase database, double loadMs)
    {
        var refused = database.Refused.Count;
        (_database, LoadMs) = (database, loadMs);
        Name = refused == 0 ? "Hyperscan" : $"Hyperscan (without {refused} rules it refuses)";
    }

    public string Name { get; }

    public double LoadMs { get; }

    public int PayloadsMax => int.MaxValue;

    /// <summary>Null when the library is absent.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="flagsOf">Flags of a rule id, in the corpora's letters plus i.</param>
    public static HyperscanEngine? TryCreate(RuleSet rules, Func<string, string> flagsOf)
    {
        if (!HyperscanDatabase.IsInstalled)
        {
            return null;
        }

        var clock = Stopwatch.StartNew();
        return new HyperscanEngine(HyperscanDatabase.Compile(rules, flagsOf), clock.Elapsed.TotalMilliseconds);
    }

    public int Matches(byte[] payload) => _database.Find(payload).Length;

    public void Dispose() => _database.Dispose();
}
