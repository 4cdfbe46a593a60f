using SensorGateway.Pipeline.Threading;

namespace SensorGateway.ConcurrencyTests.Threading;

/// <summary>A role with its thread, sound or broken, as producers and the soak see it.</summary>
internal interface IRole : IDisposable
{
    /// <summary>Called by whoever has just given the role work.</summary>
    void Drive();
}

/// <summary>The real runner on the real thread.</summary>
internal sealed class RealRole : IRole
{
    private readonly Doorbell _bell = new();
    private readonly RoleRunner _runner;
    private readonly PinnedThread _thread;

    public RealRole(IDutyCycle work, bool batons, Action<string> onFault)
    {
        _runner = new RoleRunner(work, _bell, batons);
        _thread = new PinnedThread(_runner, null, neverPark: false, (role, fault) => onFault($"{role}: {fault.Message}"));
    }

    public long InlineTurns => _runner.InlineTurns;

    public long Rings => _runner.Rings;

    public void Drive() => _runner.Drive();

    public void Dispose()
    {
        _thread.Dispose();
        _bell.Dispose();
    }
}
