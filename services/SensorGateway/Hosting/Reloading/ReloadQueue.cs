namespace SensorGateway.Hosting.Reloading;

/// <summary>Runs reloads one at a time on a thread of its own; requests that overlap share one.</summary>
/// <remarks>
/// The thread has the usual priority: the collector must wait for it before it can begin, with all others stopped already,
/// so a lower one made every payload wait longer (longest latency 185 ms in place of 128 on a busy machine).
/// At most one reload runs and one is pending. Whoever asks while one runs waits for the pending one, because the running
/// one may have read the files already.
/// </remarks>
internal sealed class ReloadQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Func<string, ReloadOutcome> _reload;
    private readonly Action _tick;
    private readonly TimeSpan _tickEvery;
    private readonly Thread _thread;
    private Pending? _pending;
    private bool _stopping;

    /// <param name="reload">Does one reload for these triggers; called on the queue's thread only. Must not throw.</param>
    /// <param name="tick">Called on the same thread when nothing was asked for so long. Must not throw.</param>
    /// <param name="tickEvery">How long.</param>
    public ReloadQueue(Func<string, ReloadOutcome> reload, Action tick, TimeSpan tickEvery)
    {
        _reload = reload;
        _tick = tick;
        _tickEvery = tickEvery;
        _thread = new Thread(Run) { IsBackground = true, Name = "reload" };
        _thread.Start();
    }

    /// <summary>Asks for a reload that begins after this call.</summary>
    /// <param name="trigger">Who asks.</param>
    /// <returns>Its outcome; cancelled when the gateway stops first.</returns>
    public Task<ReloadOutcome> Request(string trigger)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return Task.FromCanceled<ReloadOutcome>(new CancellationToken(canceled: true));
            }

            if (_pending is null)
            {
                _pending = new Pending();
                _wake.Release();
            }

            _pending.Triggers.Add(trigger);
            return _pending.Outcome.Task;
        }
    }

    /// <summary>Ends after the reload that runs now; the pending one is cancelled.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            _pending?.Outcome.TrySetCanceled();
            _pending = null;
        }

        _wake.Release();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.Wait(_tickEvery);
            Pending? next;
            lock (_gate)
            {
                if (_stopping)
                {
                    return;
                }

                (next, _pending) = (_pending, null);
            }

            if (next is null)
            {
                _tick();
            }
            else
            {
                next.Outcome.SetResult(_reload(string.Join(", ", next.Triggers)));
            }
        }
    }

    private sealed class Pending
    {
        public SortedSet<string> Triggers { get; } = new(StringComparer.Ordinal);

        // Continuations run elsewhere: whoever waits must not hold up the next reload.
        public TaskCompletionSource<ReloadOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
