using System.Globalization;
using System.Runtime.ExceptionServices;
using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>
/// Locks the folder and stores the number of this start, on a thread of its own: a disk can hang at a start too, and a
/// gateway that waits for it detects nothing.
/// </summary>
internal sealed class SpoolOpening
{
    private readonly ISpoolFiles _files;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private long _epoch; // The thread's own until it has ended.

    /// <summary>Begins.</summary>
    /// <param name="files">The folder; nobody else may touch it before <see cref="Wait"/>.</param>
    /// <param name="nowMilliseconds">The time, in milliseconds since 1970.</param>
    public SpoolOpening(ISpoolFiles files, long nowMilliseconds)
    {
        _files = files;
        _epoch = nowMilliseconds;
        Epoch = nowMilliseconds;
        _thread = new Thread(Open) { Name = "spool-open", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The number of this start: the time until <see cref="Finish"/>, then what the disk gave.</summary>
    public long Epoch { get; private set; }

    /// <summary>The disk has not answered yet.</summary>
    public bool IsUnderWay => _thread.IsAlive;

    /// <summary>Waits until the disk has answered, however long that takes.</summary>
    public void Wait() => _thread.Join();

    /// <summary>Waits for the disk, but only so long.</summary>
    /// <exception cref="IOException">
    /// The disk does not answer or does not take the number, or another process has the folder.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The disk does not take the number.</exception>
    public void Finish(TimeSpan limit)
    {
        if (!_thread.Join(limit))
        {
            throw new IOException($"the disk has not answered for {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }

        Epoch = _epoch;
        _failure?.Throw();
    }

    private void Open()
    {
        try
        {
            _files.Prepare();
            BootEpoch.Next(_files, _epoch, out _epoch);
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure); // Thrown where somebody waits.
        }
    }
}
