using System.Buffers.Binary;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Sources.Slicing;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>The ingest thread of one stream source without its sockets: real slicing, real rings, real overload policies.</summary>
internal sealed class SimulatedSource
{
    private readonly TimeProvider _clock;
    private readonly SpaceSignal[] _spaces;
    private readonly RoleRunner[] _detection;
    private readonly FrameSlicer _slicer;
    private readonly Overload _overload;
    private readonly Dictionary<Sensor, byte[]> _unsliced = [];
    private readonly Queue<(Sensor Sensor, byte[]? Bytes)> _arrived = new();
    private readonly Queue<(Sensor Sensor, byte[] Payload)> _blocked = new(); // Sliced, while the ring is full.
    private long _untilTicks;

    public SimulatedSource(
        IReadOnlyList<(RingWriter Writer, SpaceSignal Space, RoleRunner Detection)> lanes, Overload overload,
        int payloadBytesMax, TimeProvider clock)
    {
        Port = new IngestPort(lanes, new Doorbell());
        _spaces = [.. lanes.Select(static lane => lane.Space)];
        _detection = [.. lanes.Select(static lane => lane.Detection)];
        _slicer = FrameSlicer.Create(Framing.LengthPrefixed, payloadBytesMax);
        (_overload, _clock) = (overload, clock);
    }

    public IngestPort Port { get; }

    /// <summary>It has stopped reading because a ring is full.</summary>
    public bool IsBlocked => _blocked.Count > 0;

    /// <summary>When it looks again by itself.</summary>
    public long DueTicks => IsBlocked ? _untilTicks : _arrived.Count > 0 ? 0 : long.MaxValue;

    /// <summary>A step would do something.</summary>
    public bool IsReady => IsBlocked
        ? Port.Doorbell.Wait(0) || _clock.GetTimestamp() >= _untilTicks
        : _arrived.Count > 0;

    /// <summary>A frame as it lies on the wire.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(4));
        return frame;
    }

    /// <summary>A sensor has sent something, on its one connection.</summary>
    public void Arrive(Sensor sensor, byte[] bytes) => _arrived.Enqueue((sensor, bytes));

    /// <summary>The sensor hangs up, and comes back with its next bytes.</summary>
    public void HangUp(Sensor sensor) => _arrived.Enqueue((sensor, null));

    /// <summary>Reads a connection once, or tries again what found no room.</summary>
    public string Step()
    {
        var now = _clock.GetTimestamp();
        if (IsBlocked)
        {
            PassBlocked(now);
            return IsBlocked ? "ingest is still blocked" : "ingest goes on";
        }

        var (sensor, bytes) = _arrived.Dequeue();
        if (bytes is null)
        {
            CutRest(sensor);
            return "ingest sees a sensor hang up";
        }

        byte[] all = [.. _unsliced.GetValueOrDefault(sensor, []), .. bytes];
        var cursor = new FrameCursor(all);
        var state = default(SliceState);
        while (true)
        {
            var result = _slicer.Next(ref cursor, ref state);
            if (result == SliceResult.Frame)
            {
                Pass(sensor, cursor.Payload, now);
                continue;
            }

            if (result == SliceResult.Broken)
            {
                Port.Counters.CountRejected(cursor.Reason); // And the connection is closed.
            }

            _unsliced[sensor] = result == SliceResult.Broken ? [] : cursor.Rest.ToArray();
            break;
        }

        Port.Flush();
        return $"ingest reads {bytes.Length} bytes";
    }

    /// <summary>The gateway stops: nothing is read any more, and what found no room is dropped.</summary>
    public void Stop()
    {
        foreach (var sensor in _unsliced.Keys.ToArray())
        {
            CutRest(sensor);
        }

        _arrived.Clear();
        for (; _blocked.Count > 0; _blocked.Dequeue())
        {
            Port.Counters.CountDropped(DropReason.RingFull);
        }

        Port.Flush();
    }

    private void CutRest(Sensor sensor)
    {
        if (_unsliced.GetValueOrDefault(sensor, []).Length > 0)
        {
            Port.Counters.CountRejected(RejectReason.CutFrame);
            _unsliced[sensor] = [];
        }
    }

    private void Pass(Sensor sensor, ReadOnlySpan<byte> payload, long now)
    {
        if (!IsBlocked && Port.TryAccept(sensor, payload, now))
        {
            return;
        }

        Port.Flush();
        if (!IsBlocked && Port.TryAccept(sensor, payload, now))
        {
            return;
        }

        if (_overload == Overload.Drop)
        {
            Port.Counters.CountDropped(DropReason.RingFull);
            return;
        }

        _blocked.Enqueue((sensor, payload.ToArray()));
        WaitForRoom(now);
    }

    private void PassBlocked(long now)
    {
        while (_blocked.TryPeek(out var first) && Port.TryAccept(first.Sensor, first.Payload, now))
        {
            _blocked.Dequeue();
        }

        Port.Flush();
        if (IsBlocked)
        {
            WaitForRoom(now);
        }
    }

    /// <summary>As the port does it, but the sleeping is the simulation's.</summary>
    private void WaitForRoom(long now)
    {
        foreach (var detection in _detection)
        {
            detection.Wake();
        }

        foreach (var space in _spaces)
        {
            space.Want();
        }

        _untilTicks = now + _clock.TimestampFrequency / 10;
    }
}
