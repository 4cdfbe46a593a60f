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

    /// <summary>Handles a bounded number of items without blocking. Called only by the holder of the role's baton.</summary>
    /// <returns>How many items it handled.</returns>
    int DoWork();
}
