using System.Diagnostics;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>Which timeout a connection has passed.</summary>
internal enum Overdue
{
    No,
    Idle,
    Frame,
}

/// <summary>When to look for connections that were silent or slow for too long. All times in reading ticks.</summary>
internal sealed class ConnectionTimeouts
{
    private readonly long _idleTicks;
    private readonly long _frameTicks;
    private readonly long _pauseTicks;
    private long _notBefore = long.MinValue;

    public ConnectionTimeouts(TimeSpan idle, TimeSpan frame)
    {
        _idleTicks = Ticks(idle);
        _frameTicks = Ticks(frame);

        // Looking at all connections is cheap but not free: a timeout may come an eighth late, and once a second is enough.
        _pauseTicks = Math.Clamp(Math.Min(_idleTicks, _frameTicks) / 8, Stopwatch.Frequency / 100, Stopwatch.Frequency);
    }

    /// <summary>When to call <see cref="BeginCheck"/>; <see cref="long.MaxValue"/> while nothing can time out.</summary>
    public long NextCheckAt { get; private set; } = long.MaxValue;

    /// <summary>Takes a connection's new state into account.</summary>
    public void Note(in Connection connection) =>
        NextCheckAt = Math.Min(NextCheckAt, Math.Max(DueAt(connection), _notBefore));

    /// <summary>Starts looking at all connections; call <see cref="Check"/> on each.</summary>
    public void BeginCheck(long now)
    {
        _notBefore = now + _pauseTicks;
        NextCheckAt = long.MaxValue;
    }

    /// <summary>Tells whether a connection must go, and otherwise takes it into account.</summary>
    public Overdue Check(in Connection connection, long now)
    {
        if (connection.IsInsideFrame && now - connection.FrameBeganAt >= _frameTicks)
        {
            return Overdue.Frame;
        }

        if (now - connection.LastBytesAt >= _idleTicks)
        {
            return Overdue.Idle;
        }

        Note(connection);
        return Overdue.No;
    }

    private long DueAt(in Connection connection)
    {
        var idleAt = Later(connection.LastBytesAt, _idleTicks);
        return connection.IsInsideFrame ? Math.Min(idleAt, Later(connection.FrameBeganAt, _frameTicks)) : idleAt;
    }

    private static long Later(long at, long ticks) => ticks == long.MaxValue ? long.MaxValue : at + ticks;

    private static long Ticks(TimeSpan timeout) =>
        timeout <= TimeSpan.Zero ? long.MaxValue : (long)(timeout.TotalSeconds * Stopwatch.Frequency);
}
