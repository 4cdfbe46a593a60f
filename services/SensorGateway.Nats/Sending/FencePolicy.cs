using System.Diagnostics;
using SensorGateway.Nats.Connection;

namespace SensorGateway.Nats.Sending;

/// <summary>When a PING goes behind the messages. Owner: the sending side.</summary>
/// <remarks>
/// Each PONG wakes the reading thread, so fences are rare at a steady rate: one per interval, and only one in flight.
/// Many bytes make more of them, because a log that fills up can only be emptied in the steps its fences made.
/// </remarks>
internal sealed class FencePolicy(NatsOptions options, int logBytes)
{
    private readonly bool _enabled = options.Delivery == NatsDelivery.Fenced;
    private readonly long _intervalTicks = (long)(options.FenceInterval.TotalSeconds * Stopwatch.Frequency);
    private readonly long _spacingBytes = Math.Max(1, Math.Min(options.FenceBytes, logBytes / 8));
    private long _lastTicks = long.MinValue / 2;
    private long _fencedMessages;
    private long _fencedBytes;

    /// <summary>Set while the last messages are waited for: every fence is due at once.</summary>
    public bool Hurry { get; set; }

    /// <summary>When the next fence may go.</summary>
    public long DueTicks => Hurry ? _lastTicks : _lastTicks + _intervalTicks;

    public bool HasUnfenced(SendLog log) => _enabled && log.ReleasedMessages + log.Messages > _fencedMessages;

    /// <summary>True when a PING should be appended now, given how many wait for their PONG.</summary>
    public bool IsDue(SendLog log, int inFlight, long nowTicks) =>
        HasUnfenced(log)
        && (IsSpacingReached(log) || (inFlight == 0 && (Hurry || nowTicks >= DueTicks || log.IsNearlyFull)));

    /// <summary>True when so many bytes came since the last fence that another may join those in flight.</summary>
    public bool IsSpacingReached(SendLog log) =>
        _enabled && log.ReleasedMessageBytes + log.MessageBytes - _fencedBytes >= _spacingBytes;

    public void NoteFence(in FenceMark mark, long nowTicks)
    {
        _lastTicks = nowTicks;
        _fencedMessages = mark.Messages;
        _fencedBytes = mark.MessageBytes;
    }

    /// <summary>Bytes between the fences of a log that is sent again: few enough of them for half of the queue.</summary>
    public long ResendSpacingBytes(SendLog log) => Math.Max(_spacingBytes, 2 * log.MessageBytes / FenceQueue.Capacity);

    /// <summary>A new session: of the fences of the old one these are left.</summary>
    public void Restart(SendLog log, IReadOnlyList<FenceMark> kept)
    {
        _fencedMessages = kept.Count > 0 ? kept[^1].Messages : log.ReleasedMessages;
        _fencedBytes = kept.Count > 0 ? kept[^1].MessageBytes : log.ReleasedMessageBytes;
        _lastTicks = long.MinValue / 2;
    }
}
