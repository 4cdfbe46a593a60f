using System.Diagnostics;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>One connection with the times of the alerts it has not sent yet. Owner: holder of the publish baton.</summary>
/// <param name="connection">It.</param>
/// <param name="startTicks">When it starts, in Stopwatch ticks; null for now.</param>
internal sealed class Shard(IPublishConnection connection, long? startTicks = null)
{
    // A power of two; when more alerts wait unsent, the surplus is left out of the histograms, not of the counts.
    private const int TimesKept = 8192;

    // A slow server that makes room for one alert at a time is still too slow.
    private const double RelievedShare = 0.5;

    /// <summary>In place of the time of arrival: an alert that has lain in the spool tells nothing about the way.</summary>
    public const long Untimed = long.MinValue;

    private readonly Times[] _times = new Times[TimesKept];
    private long _appended;
    private long _timed;
    private long _neverSent; // Taken over and later dropped by the connection: they leave no trace in SentMessages.
    private long _settledSeen;
    private long _fullSinceTicks;
    private long _progressAtTicks = startTicks ?? Stopwatch.GetTimestamp();

    public IPublishConnection Connection { get; } = connection;

    /// <summary>Whether the next turn must flush it.</summary>
    public bool NeedsFlush { get; set; }

    /// <summary>Messages its connection has taken over.</summary>
    public long Appended => _appended;

    /// <summary>How far the last flush came.</summary>
    public FlushResult LastFlush { get; private set; } = FlushResult.Down;

    /// <summary>Its way into and out of the spool; null without one.</summary>
    public ShardSpool? Spool { get; set; }

    /// <summary>Of these, in order, the first so many are settled.</summary>
    public long DoneInOrder => _appended - Connection.KeptMessages;

    /// <summary>Stuck when <see cref="NoteStuck"/> was last called.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>Stopwatch ticks from which on it is stuck unless something moves; MaxValue when it waits for nothing.</summary>
    public long StuckAtTicks(long patienceTicks) =>
        _appended > Connection.SettledMessages ? _progressAtTicks + patienceTicks : long.MaxValue;

    /// <summary>Finds out whether nothing has moved for too long, or the memory has been full for that long.</summary>
    public void NoteStuck(long nowTicks, long patienceTicks, double freeShare)
    {
        _ = MakesProgress(nowTicks, patienceTicks);
        if (LastFlush != FlushResult.Down && _appended <= Connection.SettledMessages)
        {
            _progressAtTicks = nowTicks; // It waits for nothing.
        }

        if (_fullSinceTicks != 0 && Math.Min(freeShare, Connection.FreeShare) > RelievedShare)
        {
            _fullSinceTicks = 0;
        }

        IsStuck = nowTicks - _progressAtTicks >= patienceTicks
            || (_fullSinceTicks != 0 && nowTicks - _fullSinceTicks >= patienceTicks);
    }

    /// <summary>The connection has answered Full.</summary>
    public void NoteFull(long nowTicks) => _fullSinceTicks = _fullSinceTicks == 0 ? nowTicks : _fullSinceTicks;

    public AppendResult TryAppend(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json, long receivedAtTicks, long handedOverAtTicks)
    {
        var result = Connection.TryAppend(subject, json);
        if (result == AppendResult.Appended)
        {
            if (_appended - _timed == TimesKept)
            {
                _timed++; // The oldest makes room.
            }

            _times[_appended & (TimesKept - 1)] = new Times(receivedAtTicks, handedOverAtTicks);
            _appended++;
            NeedsFlush = true;
        }

        return result;
    }

    /// <summary>Sends what the socket takes and records how long it took.</summary>
    /// <returns>True when the connection made progress.</returns>
    public bool Flush(long nowTicks, PublishCounters counters)
    {
        var sentBefore = Connection.SentMessages;
        var wasDown = LastFlush == FlushResult.Down;
        LastFlush = Connection.Flush(nowTicks);
        NeedsFlush = LastFlush == FlushResult.Blocked;
        if (wasDown != (LastFlush == FlushResult.Down))
        {
            // A server that is just back gets its time before anything is dropped; one that is just gone, before anything
            // goes to disk.
            _progressAtTicks = nowTicks;
        }

        var sent = Connection.SentMessages;
        var done = sent + _neverSent;
        if (_timed < done)
        {
            var doneTicks = Stopwatch.GetTimestamp();
            for (; _timed < Math.Min(done, _appended); _timed++)
            {
                ref var times = ref _times[_timed & (TimesKept - 1)];
                if (times.ReceivedAtTicks == Untimed)
                {
                    continue;
                }

                counters.IngestToSent.Record(Clock.Nanoseconds(times.ReceivedAtTicks, doneTicks));
                counters.HandoverToSent.Record(Clock.Nanoseconds(times.HandedOverAtTicks, doneTicks));
            }
        }

        if (LastFlush == FlushResult.Idle && !Connection.HasBacklog)
        {
            // All that was kept is in the socket: what is missing was dropped, and its times must not go to others.
            _neverSent = _appended - sent;
            _timed = _appended;
        }

        return sent != sentBefore;
    }

    /// <summary>True while the server has taken or confirmed something within the given time.</summary>
    public bool MakesProgress(long nowTicks, long patienceTicks)
    {
        var settled = Connection.SettledMessages + Connection.SentMessages + Connection.ResentMessages;
        if (settled != _settledSeen)
        {
            _settledSeen = settled;
            _progressAtTicks = nowTicks;
        }

        return LastFlush != FlushResult.Down && nowTicks - _progressAtTicks < patienceTicks;
    }

    private readonly record struct Times(long ReceivedAtTicks, long HandedOverAtTicks);
}
