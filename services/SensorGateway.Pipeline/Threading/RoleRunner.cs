using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Threading;

/// <summary>One role: its work, its baton, and the bell of the thread that normally runs it.</summary>
/// <remarks>
/// While that thread is parked, another thread that has just produced work may run a turn itself (<see cref="Drive"/>)
/// and so spare the payload a thread wake-up, 12-40 microseconds on a small virtual machine.
/// </remarks>
public sealed class RoleRunner(IDutyCycle work, Doorbell doorbell, bool batons = true)
{
    /// <summary>Above this much waiting work the parked thread is woken: the wake-up is then worth its price.</summary>
    /// <remarks>
    /// A wake-up on a busy two-CPU host may take milliseconds: at 50,000 payloads a second a bound of 60 microseconds
    /// measured 2.5 times the p95 of the crude one-thread rival, a bound of one millisecond 0.97 times.
    /// </remarks>
    public const long InlineNanosecondsMax = 1_000_000;

    /// <summary>Turns that another thread runs in a row before it goes back to its own work.</summary>
    public const int InlineTurnsMax = 8;

    // How the role's own thread rests. Rung: the bell has been rung, but the thread does not run yet.
    private const int Awake = 0;
    private const int Parked = 1;
    private const int Rung = 2;

    private volatile bool _stopAsked;
    private Baton _baton;
    private Rest _rest;
    private long _rings;

    /// <summary>The duty cycle of the role.</summary>
    public IDutyCycle Work => work;

    /// <summary>Rung to wake the role's thread.</summary>
    public Doorbell Doorbell => doorbell;

    /// <summary>Turns that other threads ran in place of the parked one.</summary>
    public long InlineTurns { get; private set; }

    /// <summary>How often the parked thread was woken.</summary>
    public long Rings => Volatile.Read(ref _rings);

    /// <summary>True once <see cref="Stop"/> was called.</summary>
    public bool IsStopping => _stopAsked;

    /// <summary>Runs one turn if the baton is free. For the role's own thread.</summary>
    /// <returns>Items handled; 0 also when another thread holds the baton.</returns>
    public int TryTurn()
    {
        if (!_baton.TryTake())
        {
            return 0;
        }

        try
        {
            return work.DoWork();
        }
        finally
        {
            _baton.GiveBack();
        }
    }

    /// <summary>Called by whoever has just given the role work: runs it here, or makes sure that its thread does.</summary>
    /// <remarks>
    /// The fence pairs with the one in <see cref="BeginPark"/>: either this thread sees the other parked, or the other
    /// sees the new work before it sleeps.
    /// </remarks>
    public void Drive()
    {
        Interlocked.MemoryBarrier();
        for (var turns = 0; work.HasWork; turns++)
        {
            var rest = Volatile.Read(ref _rest.Value);
            if (rest == Awake)
            {
                return;
            }

            // With other producers busy there may always be more: bounded, so that nobody's own sockets wait for theirs.
            // A thread that was rung may wait milliseconds for a CPU; until it has one, work goes on here.
            if (!batons || turns == InlineTurnsMax
                || (rest == Parked && work.BacklogNanoseconds > InlineNanosecondsMax))
            {
                Wake();
                return;
            }

            if (!_baton.TryTake())
            {
                // The holder looks for work again after it has given the baton back, so nothing is left behind.
                return;
            }

            int handled;
            try
            {
                handled = work.DoWork();
                InlineTurns++;
            }
            finally
            {
                _baton.GiveBack();
            }

            if (work.NeedsOwnThread || (handled == 0 && work.HasWork))
            {
                Wake();
                return;
            }
        }
    }

    /// <summary>Wakes the role's thread if it is parked. Safe from any thread.</summary>
    public void Wake()
    {
        if (Interlocked.CompareExchange(ref _rest.Value, Rung, Parked) == Parked)
        {
            Interlocked.Increment(ref _rings);
            doorbell.Ring();
        }
    }

    /// <summary>Announces that the role's thread is about to sleep.</summary>
    /// <returns>False when there is work after all: do not sleep.</returns>
    public bool BeginPark()
    {
        // Full fence, pairs with Drive: the flag is visible before we look for work a last time.
        Interlocked.Exchange(ref _rest.Value, Parked);
        if (!work.HasWork && !_stopAsked)
        {
            return true;
        }

        EndPark();
        return false;
    }

    /// <summary>Announces that the role's thread is awake.</summary>
    public void EndPark() => Volatile.Write(ref _rest.Value, Awake);

    /// <summary>Asks the role's thread to leave its loop.</summary>
    public void Stop()
    {
        _stopAsked = true;
        doorbell.Ring();
    }

    /// <summary>True when time since <paramref name="sinceTicks"/> is below <paramref name="microseconds"/>.</summary>
    internal static bool Within(long sinceTicks, int microseconds) =>
        Stopwatch.GetTimestamp() - sinceTicks < microseconds * (Stopwatch.Frequency / 1_000_000);

    [StructLayout(LayoutKind.Explicit, Size = 2 * PaddedSequence.PaddingBytes)]
    private struct Rest
    {
        [FieldOffset(PaddedSequence.PaddingBytes)]
        public int Value;
    }
}
