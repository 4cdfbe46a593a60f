using System.Diagnostics;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Sources;

/// <summary>Where one source hands over its payloads. Owner: its ingest thread.</summary>
/// <remarks>A sensor always goes to the same detection worker, so its payloads keep their order.</remarks>
public sealed class IngestPort
{
    private readonly Lane[] _lanes;

    /// <param name="lanes">One per detection worker: this source's end of the worker's ring, and the worker's role.</param>
    /// <param name="doorbell">Wakes the ingest thread when room was made, and when it shall stop.</param>
    public IngestPort(IReadOnlyList<(RingWriter Writer, SpaceSignal Space, RoleRunner Detection)> lanes, Doorbell doorbell)
    {
        _lanes = [.. lanes.Select(lane => new Lane(lane.Writer, lane.Space, lane.Detection))];
        Doorbell = doorbell;
        foreach (var lane in _lanes)
        {
            lane.Space.Add(doorbell);
        }
    }

    /// <summary>What the source has seen.</summary>
    public SourceCounters Counters { get; } = new();

    /// <summary>Wakes the ingest thread.</summary>
    public Doorbell Doorbell { get; }

    /// <summary>The largest payload that always fits an empty ring.</summary>
    public int PayloadBytesMax => _lanes.Min(lane => lane.Writer.PayloadBytesMax);

    /// <summary>Copies a payload into the ring. False when it is full: nothing is counted then.</summary>
    /// <param name="sensor">Who sent it.</param>
    /// <param name="payload">At most the source's max_payload, which always fits an empty ring.</param>
    /// <param name="receivedAtTicks">Stopwatch ticks when the last byte arrived.</param>
    public bool TryAccept(Sensor sensor, ReadOnlySpan<byte> payload, long receivedAtTicks)
    {
        var lane = _lanes.Length == 1 ? _lanes[0] : _lanes[sensor.Hash % (uint)_lanes.Length];
        if (!lane.Writer.TryClaim(payload.Length, out var lease))
        {
            return false;
        }

        payload.CopyTo(lease.Payload);
        lease.Tag.ReceivedAtTicks = receivedAtTicks;
        lease.Tag.Sensor = sensor.Handle;
        lane.Writer.Commit(lease);
        lane.HasNew = true;
        Counters.CountAccepted(payload.Length);
        return true;
    }

    /// <summary>
    /// Passes all accepted payloads to detection, and may run detection and publishing here while their threads are
    /// parked. Call it whenever the bytes read so far are used up, and before waiting.
    /// </summary>
    public void Flush()
    {
        foreach (var lane in _lanes)
        {
            if (lane.HasNew)
            {
                lane.HasNew = false;
                lane.Writer.Publish();
                lane.Detection.Drive();
            }
        }
    }

    /// <summary>
    /// After a failed <see cref="TryAccept"/> with policy block: passes on what there is and sleeps until a worker has
    /// made room, the doorbell rings, or 100 ms have passed. Then try again.
    /// </summary>
    public void WaitForRoom()
    {
        foreach (var lane in _lanes)
        {
            lane.HasNew = false;
            lane.Writer.Publish();
            lane.Detection.Wake(); // Work has piled up: its own thread shall run it.
        }

        foreach (var lane in _lanes)
        {
            lane.Space.Want();
        }

        // Room made before Want went unseen, so look once more before sleeping.
        foreach (var lane in _lanes)
        {
            if (!lane.Writer.IsAtMostHalfFull)
            {
                var from = Stopwatch.GetTimestamp();
                Doorbell.Wait(100);
                Blocked += Stopwatch.GetElapsedTime(from);
                return;
            }
        }
    }

    /// <summary>Time spent waiting for room.</summary>
    public TimeSpan Blocked { get; private set; }

    private sealed class Lane(RingWriter writer, SpaceSignal space, RoleRunner detection)
    {
        public RingWriter Writer { get; } = writer;

        public SpaceSignal Space { get; } = space;

        public RoleRunner Detection { get; } = detection;

        public bool HasNew { get; set; }
    }
}
