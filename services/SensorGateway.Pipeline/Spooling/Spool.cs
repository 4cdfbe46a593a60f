using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>A spool of a gateway: the publish role's end, the role that works with the disk, and the rings between.</summary>
public sealed class Spool : IDisposable
{
    private readonly ISpoolFiles _files;
    private readonly SpoolWorker _worker;
    private PinnedThread? _thread;

    private Spool(
        SpoolOptions options, ISpoolFiles files, SpoolOpening opening, long bootEpoch, int lanes, Action wakePublisher,
        TimeProvider clock, ILogger log, SpoolRings rings)
    {
        _files = files;
        StopLimit = options.StopLimit;
        var cells = new SpoolCells(lanes);
        var handOver = EventRing.Create(rings.HandOverBytes, 1, rewinds: false);
        EventRing[] replay = [.. Enumerable.Range(0, lanes).Select(_ => EventRing.Create(rings.ReplayBytes, 1))];
        var firstSequence = (ulong)bootEpoch << BootEpoch.SequenceBits;
        _worker = new SpoolWorker(
            options, files, opening, firstSequence, handOver.Reader, replay, cells, wakePublisher, clock, log);
        Runner = new RoleRunner(_worker, new Doorbell(), batons: false);
        Port = new SpoolPort(options, cells, handOver, replay, firstSequence, clock, Attend);
    }

    /// <summary>At a stop the disk gets so long.</summary>
    public TimeSpan StopLimit { get; }

    /// <summary>The publish role's end.</summary>
    public SpoolPort Port { get; }

    /// <summary>The spool role; nobody else may run its turns, because they wait for the disk.</summary>
    public RoleRunner Runner { get; }

    /// <summary>The spool role's work.</summary>
    internal SpoolWorker Worker => _worker;

    /// <summary>How it is. Any thread may ask.</summary>
    public SpoolSnapshot Snapshot => _worker.Snapshot is var last && Port.IsHanging && last.State != "failing"
        ? last with { State = "hanging", LastError = "a write or fsync has not returned" } // Its own thread cannot say so.
        : last;

    /// <summary>Locks the folder and chooses the number of this start; a disk that fails or hangs stops nothing.</summary>
    /// <param name="options">Where, and caps.</param>
    /// <param name="lanes">Connections that alerts go back to.</param>
    /// <param name="bootEpoch">A number that is given; 0 for one of the spool's own.</param>
    /// <param name="wakePublisher">Called from the spool's thread when the publish role should look at it.</param>
    /// <param name="log">For the events 7000-7999.</param>
    /// <param name="epoch">Milliseconds since 1970 that make this start's ids unique.</param>
    /// <exception cref="SpoolException">Another process works with the folder.</exception>
    public static Spool Create(
        SpoolOptions options, int lanes, long bootEpoch, Action wakePublisher, ILogger log, out long epoch) =>
        Create(options, options.Files ?? new DiskFiles(options.Folder), lanes, bootEpoch, wakePublisher, TimeProvider.System, log, out epoch);

    internal static Spool Create(
        SpoolOptions options, ISpoolFiles files, int lanes, long bootEpoch, Action wakePublisher, TimeProvider clock,
        ILogger log, out long epoch, SpoolRings? rings = null)
    {
        var opening = new SpoolOpening(files, clock.GetUtcNow().ToUnixTimeMilliseconds());
        try
        {
            opening.Finish(options.StartLimit);
        }
        catch (SpoolInUseException taken)
        {
            throw new SpoolException(taken.Message, taken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            SpoolingLog.NoEpoch(log, options.Folder, failure.Message.TrimEnd('.') + ".");
        }

        epoch = bootEpoch > 0 ? bootEpoch : opening.Epoch;
        return new Spool(options, files, opening, epoch, lanes, wakePublisher, clock, log, rings ?? new SpoolRings());
    }

    /// <summary>Starts its thread. It waits for disks most of its time, so it is pinned nowhere.</summary>
    public void Start(Action<string, Exception> onFault) => _thread = new PinnedThread(Runner, null, false, onFault);

    /// <summary>Ends its thread; from here on the caller owns both ends.</summary>
    public void StopThread()
    {
        _thread?.Dispose();
        _thread = null;
    }

    /// <summary>Stores everything that was handed over; after <see cref="StopThread"/>.</summary>
    /// <returns>True when the disk has it all.</returns>
    public bool Finish() => Finish(Stopwatch.GetTimestamp());

    internal bool Finish(long nowTicks)
    {
        Port.Flush();
        return _worker.Finish(nowTicks);
    }

    private void Attend()
    {
        _worker.RequestAttention();
        Runner.Wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        StopThread();
        _worker.Dispose();
        (_files as IDisposable)?.Dispose();
        Runner.Doorbell.Dispose();
    }
}

/// <summary>Sizes of the rings between the two roles.</summary>
/// <param name="HandOverBytes">
/// Holds what comes in while the disk is busy: at 500 bytes some 29,000 alerts, as many as 10,000 a second bring during a
/// long fsync. Pages that nothing was written to cost no memory.
/// </param>
/// <param name="ReplayBytes">Holds what has come back for one connection.</param>
internal readonly record struct SpoolRings(int HandOverBytes, int ReplayBytes)
{
    public SpoolRings()
        : this(16 * 1024 * 1024, 1024 * 1024)
    {
    }
}

/// <summary>A spool cannot be used; the message says why and what to do.</summary>
public sealed class SpoolException : Exception
{
    /// <summary>An error without a text.</summary>
    public SpoolException()
    {
    }

    /// <summary>An error with its cause and cure.</summary>
    public SpoolException(string message)
        : base(message)
    {
    }

    /// <summary>An error caused by another.</summary>
    public SpoolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
