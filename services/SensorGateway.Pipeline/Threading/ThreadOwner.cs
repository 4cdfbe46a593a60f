using System.Diagnostics;

namespace SensorGateway.Pipeline.Threading;

/// <summary>Debug check that one thread at a time calls in; compiled out of Release builds.</summary>
/// <remarks>Ownership moves with a baton, so the first caller after <see cref="Release"/> becomes the owner.</remarks>
internal struct ThreadOwner
{
    private int _threadId;

    /// <summary>Throws when another thread owns the object.</summary>
    [Conditional("DEBUG")]
    public void AssertCaller()
    {
        var current = Environment.CurrentManagedThreadId;
        var owner = Interlocked.CompareExchange(ref _threadId, current, 0);
        if (owner != 0 && owner != current)
        {
            throw new InvalidOperationException(
                $"Thread {current} called an object that thread {owner} owns. Take the role's baton first.");
        }
    }

    /// <summary>Gives ownership up, before a baton is handed back.</summary>
    [Conditional("DEBUG")]
    public void Release() => Volatile.Write(ref _threadId, 0);
}
