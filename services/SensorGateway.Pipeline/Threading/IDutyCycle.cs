namespace SensorGateway.Pipeline.Threading;

/// <summary>A bounded, non-blocking unit of work that one thread at a time repeats.</summary>
public interface IDutyCycle
{
    /// <summary>Name of the role; also the name of the thread that normally runs it.</summary>
    string Role { get; }

    /// <summary>True when <see cref="DoWork"/> would find something to do. May be called by any thread.</summary>
    bool HasWork { get; }

    /// <summary>Nanoseconds the waiting work would take, by the role's own recent measure. May be called by any thread.</summary>
    long BacklogNanoseconds { get; }

    /// <summary>True when the role must wait for a socket or a time, which only its own thread may.</summary>
    bool NeedsOwnThread => false;

    /// <summary>How the role's own thread shall sleep. Called only by that thread, without the baton.</summary>
    ParkPlan PlanPark() => ParkPlan.UntilRung;

    /// <summary>The role's own thread has slept. Called only by that thread, without the baton.</summary>
    void Woke()
    {
    }

    /// <summary>Handles a bounded number of items without blocking. Called only by the holder of the role's baton.</summary>
    /// <returns>How many items it handled.</returns>
    int DoWork();
}

/// <summary>How a thread sleeps.</summary>
/// <param name="TimeoutMilliseconds">-1 sleeps until the bell rings.</param>
/// <param name="Writable">Sockets that wake it when they take bytes again; negative ones are ignored.</param>
public readonly record struct ParkPlan(int TimeoutMilliseconds, ReadOnlyMemory<int> Writable)
{
    /// <summary>Sleeps until the bell rings.</summary>
    public static ParkPlan UntilRung { get; } = new(-1, default);
}
