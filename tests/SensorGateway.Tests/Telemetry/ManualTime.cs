using System.Diagnostics;

namespace SensorGateway.Tests.Telemetry;

/// <summary>A clock that stands still until told; its ticks are Stopwatch ticks, its wall can jump alone.</summary>
internal sealed class ManualTime(DateTimeOffset wall) : TimeProvider
{
    private long _ticks = Stopwatch.Frequency * 1_000;
    private DateTimeOffset _wall = wall;

    public ManualTime()
        : this(new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456))
    {
    }

    public override long TimestampFrequency => Stopwatch.Frequency;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => _wall;

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time)
    {
        _ticks += (long)(time.TotalSeconds * Stopwatch.Frequency);
        _wall += time;
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public void JumpWall(TimeSpan by) => _wall += by;
}
