using SensorGateway.Tests.Simulation.Twins;
using SensorGateway.Tests.Simulation.Watching;

namespace SensorGateway.Tests.Simulation;

/// <summary>The simulation must catch gateways that are broken on purpose, within the seeds that every run goes through.</summary>
public sealed class TwinTests
{
    [Theory]
    [InlineData(nameof(ConfirmsWhatItNeverGot), "missing")]
    [InlineData(nameof(MovesTooEarly), "which was made later")]
    [InlineData(nameof(CountsNoRefusals), "do not add up")]
    [InlineData(nameof(StoresNothingAtTheEnd), "are stored")]
    [InlineData(nameof(ForgetsTheTail), "all sleep")]
    public void BrokenGateway_WithinTheUsualSeeds_IsCaught(string twin, string complaint)
    {
        var caught = SimulationTests.Seeds.Take(SimulationTests.UsualSeeds)
            .Select(seed => Complaint(seed, Make(twin)))
            .FirstOrDefault(static found => found is not null);

        Assert.Contains(complaint, caught, StringComparison.Ordinal);
    }

    private static Twin Make(string name) => name switch
    {
        nameof(ConfirmsWhatItNeverGot) => new ConfirmsWhatItNeverGot(),
        nameof(MovesTooEarly) => new MovesTooEarly(),
        nameof(CountsNoRefusals) => new CountsNoRefusals(),
        nameof(ForgetsTheTail) => new ForgetsTheTail(),
        _ => new StoresNothingAtTheEnd(),
    };

    private static string? Complaint(int seed, Twin twin)
    {
        try
        {
            using var simulation = new GatewaySimulation(seed, twin);
            simulation.Run();
            return null;
        }
        catch (SimulationFailure failure)
        {
            return failure.Message.Split('\n')[0];
        }
    }
}
