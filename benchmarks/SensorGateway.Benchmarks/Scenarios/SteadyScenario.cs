namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>Does the same arithmetic for ever and uses nothing of the gateway: what the gate itself is tested with.</summary>
internal sealed class SteadyScenario : OperationScenario
{
    private const int StepsMin = 1_500;
    private const int StepsMore = 20;

    /// <inheritdoc/>
    protected override int Operations => 128;

    /// <inheritdoc/>
    protected override void Run(int operation) => ExtraWork.Do(StepsMin + (operation * StepsMore));
}
