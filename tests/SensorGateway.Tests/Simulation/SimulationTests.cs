using System.Globalization;
using SensorGateway.TestKit;
using SensorGateway.Tests.Simulation.Watching;

namespace SensorGateway.Tests.Simulation;

/// <summary>The promises of the gateway as a whole, over many seeds. SENSORGATEWAY_SEED=n repeats one of them alone.</summary>
public sealed class SimulationTests
{
    private const int Batches = 10;
    internal const int UsualSeeds = 200;
    private const int AllSeeds = 6000;

    private static readonly int? OnlySeed =
        int.TryParse(Environment.GetEnvironmentVariable("SENSORGATEWAY_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : null;

    /// <summary>The seeds that every run goes through.</summary>
    internal static IEnumerable<int> Seeds => Enumerable.Range(1, FaultRun.IsFull ? AllSeeds : UsualSeeds);

    public static TheoryData<int> BatchNumbers => OnlySeed is null ? [.. Enumerable.Range(0, Batches)] : [0];

    [Theory]
    [MemberData(nameof(BatchNumbers))]
    public void Gateway_ThroughFaultsOfManySeeds_KeepsItsPromises(int batch)
    {
        int[] seeds = OnlySeed is { } one ? [one] : [.. Seeds.Where(seed => seed % Batches == batch)];
        Assert.All(seeds, static seed =>
        {
            using var simulation = new GatewaySimulation(seed, stepsTold: OnlySeed is null ? 40 : 4000);
            simulation.Run();
        });
    }

    [Fact]
    public void Simulation_OfOneSeed_DoesTheSameEveryTime()
    {
        foreach (var seed in Seeds.Take(20))
        {
            Assert.Equal(Outcome(seed), Outcome(seed));
        }
    }

    [Fact]
    public void Seeds_Together_ReachEveryKindOfTrouble()
    {
        var wanted = Sights.Wanted.ToHashSet(StringComparer.Ordinal);
        foreach (var seed in Seeds.TakeWhile(_ => wanted.Count > 0))
        {
            using var simulation = new GatewaySimulation(seed);
            simulation.Run();
            wanted.ExceptWith(simulation.Seen);
        }

        Assert.Empty(wanted);
    }

    private static (ulong, long, long, int) Outcome(int seed)
    {
        using var simulation = new GatewaySimulation(seed);
        simulation.Run();
        return (simulation.Trace.Hash, simulation.Trace.Count, simulation.Ledger.Arrivals, simulation.Ledger.Made);
    }
}
