using System.Diagnostics.CodeAnalysis;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>A promise of the gateway did not hold.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only made here.")]
internal sealed class SimulationFailure(string message) : Exception(message)
{
    /// <summary>Fails with this message unless the promise held.</summary>
    public static void Unless(bool held, FormattableString broken)
    {
        if (!held)
        {
            throw new SimulationFailure(FormattableString.Invariant(broken));
        }
    }
}
