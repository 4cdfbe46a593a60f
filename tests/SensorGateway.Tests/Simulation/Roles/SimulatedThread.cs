using System.Diagnostics;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Tests.Simulation.Network;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>The thread of one role, run in steps: a turn, or going to sleep, or waking up.</summary>
/// <remarks>It sleeps by the role's own plan and wakes by the real bell, so a wake-up that is lost stays lost.</remarks>
internal sealed class SimulatedThread(RoleRunner runner, IDutyCycle work, SimulatedNetwork network)
{
    private bool _isParked;
    private bool _isRung;
    private long _untilTicks;
    private int[] _writable = [];

    /// <summary>Names it.</summary>
    public string Name => work.Role;

    /// <summary>When it wakes by itself; MaxValue when only its bell can wake it.</summary>
    public long DueTicks => _isParked ? _untilTicks : 0;

    /// <summary>A step would do something.</summary>
    public bool IsReady
    {
        get
        {
            if (!_isParked || _isRung)
            {
                return true;
            }

            _isRung = runner.Doorbell.Wait(0);
            return _isRung || network.Clock.GetTimestamp() >= _untilTicks || _writable.Any(network.IsWritable);
        }
    }

    /// <summary>One step.</summary>
    /// <returns>What it did, in words.</returns>
    public string Step()
    {
        if (_isParked)
        {
            (_isParked, _isRung) = (false, false);
            runner.EndPark();
            work.Woke();
            return $"{Name} wakes";
        }

        // The spool's runner would ask the clock of this machine; nobody else ever runs its turns.
        var handled = ReferenceEquals(runner.Work, work) ? runner.TryTurn() : work.DoWork();
        if (handled > 0 || !runner.BeginPark())
        {
            return $"{Name} works: {handled}";
        }

        var plan = work.PlanPark();
        _isParked = true;
        _untilTicks = plan.TimeoutMilliseconds < 0
            ? long.MaxValue
            : network.Clock.GetTimestamp() + plan.TimeoutMilliseconds * (Stopwatch.Frequency / 1000);
        _writable = plan.Writable.ToArray();
        return $"{Name} sleeps for {plan.TimeoutMilliseconds} ms";
    }
}
