using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources.Linux;
using SensorGateway.Pipeline.Sources.Slicing;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>What the ingest thread of a stream source does: waits for its listener, connections, bell and timeouts.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StreamLoop : IDisposable
{
    private const long BellKey = -1;
    private const long ListenerKey = -2;
    private const int ReadyMax = 1024;

    private const int DrainMilliseconds = 5;

    private static readonly long AcceptPauseTicks = Stopwatch.Frequency / 10;

    private readonly IngestPort _port;
    private readonly IngestThread _thread;
    private readonly HandOver _handOver;
    private readonly SourceJournal _journal;
    private readonly SensorNames _names;
    private readonly StreamListener _listener;
    private readonly ConnectionTable _connections;
    private readonly ConnectionTimeouts _timeouts;
    private readonly ConnectionReader _reader;
    private readonly Acceptor _acceptor;
    private readonly Epoll _epoll;
    private long _acceptAgainAt = long.MaxValue; // Stopwatch ticks; not MaxValue: the listener is not watched.

    public StreamLoop(
        SourceOptions options,
        IngestPort port,
        IngestThread thread,
        SourceJournal journal,
        SensorNames names,
        StreamListener listener)
    {
        _port = port;
        _thread = thread;
        _journal = journal;
        _names = names;
        _listener = listener;
        _handOver = new HandOver(port, options.Overload, thread, journal);
        _connections = new ConnectionTable(options.MaxConnections);
        _timeouts = new ConnectionTimeouts(options.IdleTimeout, options.FrameTimeout);
        _reader = new ConnectionReader(
            FrameSlicer.Create(options.Framing, options.MaxPayloadBytes), _handOver, port.Counters, journal);
        _acceptor = new Acceptor(listener, names, port.Counters, journal);
        _epoll = new Epoll(ReadyMax);
        _epoll.Watch(port.Doorbell.Descriptor, BellKey);
        _epoll.Watch(listener.Descriptor, ListenerKey);
    }

    /// <summary>Runs until the thread shall stop, then passes on what the kernel has already taken from senders.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Entered once: tiering would compile it in mid-loop, on this thread.
    public void Run()
    {
        try
        {
            while (!_thread.IsStopping)
            {
                Turn(_epoll.Wait(MillisecondsToNextDue()));
            }

            _epoll.Forget(_listener.Descriptor);
            _epoll.Forget(_port.Doorbell.Descriptor);
            for (var ready = 1; ready > 0 && !_thread.IsOutOfTime;)
            {
                // Not zero: what a sender could not send while its window was closed follows in a moment.
                ready = _epoll.Wait(DrainMilliseconds);
                Turn(ready);
            }
        }
        finally
        {
            CloseAll();
            _journal.Flush(long.MaxValue);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _epoll.Dispose();

    private void Turn(int ready)
    {
        // Taken before reading: a timeout counts silence up to here, and whatever came by then is read first.
        var now = Stopwatch.GetTimestamp();
        var readingNow = _handOver.ReadingTicks(now);
        var mayAccept = false;
        for (var i = 0; i < ready; i++)
        {
            switch (_epoll.KeyOf(i))
            {
                case BellKey:
                    _port.Doorbell.Silence();
                    break;
                case ListenerKey:
                    mayAccept = true;
                    break;
                case var slot:
                    Serve((int)slot);
                    break;
            }
        }

        if (mayAccept && !_acceptor.AcceptWaiting(_connections, now, Open))
        {
            // The connection stays in the listener's queue, so watching on would burn a CPU; look again later.
            _epoll.Forget(_listener.Descriptor);
            _acceptAgainAt = Stopwatch.GetTimestamp() + AcceptPauseTicks;
        }

        if (readingNow >= _timeouts.NextCheckAt && ready < _epoll.ReadyMax)
        {
            CloseOverdue(now, readingNow);
        }

        if (now >= _acceptAgainAt)
        {
            _acceptAgainAt = long.MaxValue;
            _epoll.Watch(_listener.Descriptor, ListenerKey);
        }

        if (now >= _journal.DueAtTicks)
        {
            _journal.Flush(now);
        }
    }

    private void Serve(int slot)
    {
        ref var connection = ref _connections[slot];
        if (_reader.Read(ref connection))
        {
            _timeouts.Note(connection);
        }
        else
        {
            Close(slot);
        }
    }

    private void Open(int descriptor, Sensor sensor, long now)
    {
        var slot = _connections.Open(descriptor, sensor, _handOver.ReadingTicks(now));
        _port.Counters.CountConnectionOpened();
        _timeouts.Note(_connections[slot]);
        if (!_epoll.TryWatch(descriptor, slot))
        {
            _journal.AcceptFailed(Marshal.GetLastPInvokeError(), now);
            Close(slot);
        }
    }

    private void CloseOverdue(long now, long readingNow)
    {
        _timeouts.BeginCheck(readingNow);
        for (var slot = 0; slot < _connections.SlotsUsed; slot++)
        {
            ref var connection = ref _connections[slot];
            var overdue = connection.Descriptor < 0 ? Overdue.No : _timeouts.Check(connection, readingNow);
            if (overdue == Overdue.No)
            {
                continue;
            }

            _port.Counters.CountConnectionTimedOut();
            if (overdue == Overdue.Idle && !connection.IsInsideFrame)
            {
                _journal.ClosedIdle(connection.Sensor.Id, now);
            }

            _reader.Finish(
                ref connection,
                inGoodOrder: false,
                now,
                overdue == Overdue.Frame ? RejectReason.FrameTimeout : RejectReason.CutFrame);
            Close(slot);
        }
    }

    private void CloseAll()
    {
        var now = Stopwatch.GetTimestamp();
        for (var slot = 0; slot < _connections.SlotsUsed; slot++)
        {
            if (_connections[slot].Descriptor >= 0)
            {
                _reader.Finish(ref _connections[slot], inGoodOrder: false, now);
                Close(slot);
            }
        }
    }

    private void Close(int slot)
    {
        ref var connection = ref _connections[slot];
        _reader.Release(ref connection);
        _names.Return(connection.Sensor);
        _port.Counters.CountConnectionClosed();

        // Closing alone is not enough: while a child process that is just being started holds a copy of the
        // descriptor, the epoll would go on telling of a slot that is free or another's by now.
        _epoll.Forget(connection.Descriptor);
        _ = LinuxCalls.Close(connection.Descriptor);
        _connections.Close(slot);
    }

    private int MillisecondsToNextDue()
    {
        var now = Stopwatch.GetTimestamp();
        var wait = Math.Min(_acceptAgainAt, _journal.DueAtTicks);
        wait = wait == long.MaxValue ? wait : wait - now;
        if (_timeouts.NextCheckAt != long.MaxValue)
        {
            wait = Math.Min(wait, _timeouts.NextCheckAt - _handOver.ReadingTicks(now));
        }

        // One up, so that the thread does not wake a fraction of a millisecond too early and again.
        return wait == long.MaxValue ? -1 : (int)Math.Clamp(wait / (Stopwatch.Frequency / 1000) + 1, 0, 3_600_000);
    }
}
