namespace SensorGateway.ConcurrencyTests;

/// <summary>The first thing that went wrong, told by whichever thread saw it; then all threads stop.</summary>
internal sealed class Verdict
{
    private string? _violation;

    /// <summary>What went wrong, or null.</summary>
    public string? Violation => Volatile.Read(ref _violation);

    public bool IsBroken => Violation is not null;

    public void Report(string violation) => Interlocked.CompareExchange(ref _violation, violation, null);

    /// <summary>Runs a part of a soak on its own thread; what it throws is a violation too.</summary>
    public Thread Start(string name, Action part)
    {
        var thread = new Thread(() =>
        {
            try
            {
                part();
            }
            catch (Exception fault)
            {
                Report($"{name}: {fault.GetType().Name}: {fault.Message}");
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        return thread;
    }

    /// <summary>Waits for all parts; one that never ends is a violation.</summary>
    public void Join(IEnumerable<Thread> threads, TimeSpan limit)
    {
        foreach (var thread in threads)
        {
            if (!thread.Join(limit))
            {
                Report($"{thread.Name} hangs");
            }
        }
    }
}
