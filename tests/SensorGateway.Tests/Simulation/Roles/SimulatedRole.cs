using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>A real role that works by the simulation's clock, whoever runs its turns.</summary>
/// <param name="inner">The role.</param>
/// <param name="clock">Gives the time of each turn.</param>
/// <param name="turn">Its turn at a time.</param>
/// <param name="plan">Its plan for sleeping, made at a time.</param>
/// <param name="backlog">Records that wait; each counts as two microseconds, whatever this machine needs for it.</param>
internal sealed class SimulatedRole(
    IDutyCycle inner, TimeProvider clock, Func<long, int> turn, Func<long, ParkPlan> plan, Func<long> backlog) : IDutyCycle
{
    private const int NanosecondsPerRecord = 2_000;

    public string Role => inner.Role;

    public bool HasWork => inner.HasWork;

    public bool NeedsOwnThread => inner.NeedsOwnThread;

    public long BacklogNanoseconds => backlog() * NanosecondsPerRecord;

    /// <summary>Turns so far.</summary>
    public long Turns { get; private set; }

    /// <summary>Called after each turn.</summary>
    public Action? AfterTurn { get; set; }

    public ParkPlan PlanPark() => plan(clock.GetTimestamp());

    public void Woke() => inner.Woke();

    public int DoWork()
    {
        Turns++;
        var handled = turn(clock.GetTimestamp());
        AfterTurn?.Invoke();
        return handled;
    }
}
