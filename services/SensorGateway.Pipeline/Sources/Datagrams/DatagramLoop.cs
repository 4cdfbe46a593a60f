using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sources.Linux;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources.Datagrams;

/// <summary>What the ingest thread of a UDP source does: waits for its socket and bell, reads in batches.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DatagramLoop : IDisposable
{
    private const long BellKey = -1;
    private const long SocketKey = -2;
    private const int BatchesPerTurn = 8;
    private const int UdpPayloadBytesMax = 65_535;

    private static readonly long DropCheckTicks = Stopwatch.Frequency / 10;

    private readonly IngestPort _port;
    private readonly IngestThread _thread;
    private readonly HandOver _handOver;
    private readonly SourceJournal _journal;
    private readonly PeerSensors _peers;
    private readonly DatagramBatch _batch;
    private readonly Epoll _epoll;
    private readonly int _socket;
    private uint _kernelDropsSeen;
    private long _checkDropsAt = long.MaxValue;

    public DatagramLoop(
        SourceOptions options,
        IngestPort port,
        IngestThread thread,
        SourceJournal journal,
        SensorNames names,
        int socket)
    {
        _port = port;
        _thread = thread;
        _journal = journal;
        _socket = socket;
        _handOver = new HandOver(port, options.Overload, thread, journal);
        _peers = new PeerSensors(names);
        _batch = new DatagramBatch(Math.Min(options.MaxPayloadBytes, UdpPayloadBytesMax));
        _epoll = new Epoll(readyMax: 2);
        _epoll.Watch(port.Doorbell.Descriptor, BellKey);
        _epoll.Watch(socket, SocketKey);
    }

    /// <summary>Runs until the thread shall stop, then passes on what the kernel has already taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Entered once: tiering would compile it in mid-loop, on this thread.
    public void Run()
    {
        try
        {
            CountKernelDrops(Stopwatch.GetTimestamp()); // What came between Bind and Start and found no room.
            while (!_thread.IsStopping)
            {
                Turn(_epoll.Wait(MillisecondsToNextDue()));
            }

            while (ReceiveBatches() && !_thread.IsOutOfTime)
            {
            }
        }
        finally
        {
            CountKernelDrops(Stopwatch.GetTimestamp());
            _peers.ReturnAll();
            _journal.Flush(long.MaxValue);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _epoll.Dispose();

    private void Turn(int ready)
    {
        for (var i = 0; i < ready; i++)
        {
            if (_epoll.KeyOf(i) == BellKey)
            {
                _port.Doorbell.Silence();
            }
            else
            {
                ReceiveBatches();
            }
        }

        var now = Stopwatch.GetTimestamp();
        if (now >= _checkDropsAt)
        {
            CountKernelDrops(now);
        }

        if (now >= _peers.SweepAt)
        {
            _peers.ReturnIdle(now);
        }

        if (now >= _journal.DueAtTicks)
        {
            _journal.Flush(now);
        }
    }

    /// <returns>True when more may be waiting.</returns>
    private bool ReceiveBatches()
    {
        for (var i = 0; i < BatchesPerTurn; i++)
        {
            var count = _batch.Receive(_socket);
            var now = Stopwatch.GetTimestamp();
            for (var datagram = 0; datagram < count; datagram++)
            {
                Take(datagram, now);
            }

            _handOver.Flush();
            if (count > 0 && _checkDropsAt == long.MaxValue)
            {
                // Ten times a second while datagrams come, and once after the last one.
                _checkDropsAt = now + DropCheckTicks;
            }

            if (count < DatagramBatch.DatagramsMax)
            {
                return false;
            }
        }

        return true;
    }

    private void Take(int datagram, long now)
    {
        var peer = _batch.Peer(datagram);
        var payload = _batch.Payload(datagram);
        if (_batch.IsTruncated(datagram))
        {
            Reject(RejectReason.Truncated, peer, now);
        }
        else if (payload.IsEmpty)
        {
            Reject(RejectReason.EmptyFrame, peer, now);
        }
        else if (_peers.Find(peer, now) is { } sensor)
        {
            _handOver.Pass(sensor, payload, now);
        }
        else
        {
            Reject(RejectReason.SensorsFull, peer, now);
        }
    }

    private void Reject(RejectReason reason, PeerAddress peer, long now)
    {
        _port.Counters.CountRejected(reason);
        _journal.Rejected(reason, peer, now);
    }

    private void CountKernelDrops(long now)
    {
        _checkDropsAt = long.MaxValue;
        var drops = SocketCalls.KernelDrops(_socket);
        var more = drops - _kernelDropsSeen; // Wraps around as the kernel's counter does.
        _kernelDropsSeen = drops;
        if (more > 0)
        {
            _port.Counters.CountDropped(DropReason.SocketBuffer, more);
            _journal.Dropped(DropReason.SocketBuffer, more, now);
        }
    }

    private int MillisecondsToNextDue()
    {
        var due = Math.Min(Math.Min(_checkDropsAt, _peers.SweepAt), _journal.DueAtTicks);
        return due == long.MaxValue
            ? -1
            : (int)Math.Clamp((due - Stopwatch.GetTimestamp()) / (Stopwatch.Frequency / 1000) + 1, 0, 3_600_000);
    }
}
