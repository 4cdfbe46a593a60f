using System.Buffers.Text;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>Turns Stopwatch ticks into the wall time that alerts carry. Owner: one detection worker.</summary>
/// <remarks>
/// Looks at the wall clock about once a second, so a clock that jumps moves only the alerts after it, and no alert pays
/// for the look.
/// </remarks>
internal sealed class AlertClock(TimeProvider time)
{
    /// <summary>Length of <c>2026-11-20T18:00:00.123456Z</c>.</summary>
    public const int TextBytes = 27;

    private readonly long _lookEveryTicks = time.TimestampFrequency;
    private long _lookedAtTicks;
    private DateTime _wallThen;

    /// <summary>Writes the wall time at a tick count, in UTC with microseconds.</summary>
    public void Write(long ticks, Span<byte> text)
    {
        if (_wallThen == default || ticks - _lookedAtTicks > _lookEveryTicks)
        {
            _lookedAtTicks = time.GetTimestamp();
            _wallThen = time.GetUtcNow().UtcDateTime;
        }

        var wall = _wallThen.AddTicks(Clock.Nanoseconds(_lookedAtTicks, ticks) / TimeSpan.NanosecondsPerTick);
        Span<byte> full = stackalloc byte[28]; // "O" writes seven decimals and Z.
        Utf8Formatter.TryFormat(wall, full, out _, 'O');
        full[..26].CopyTo(text);
        text[26] = (byte)'Z';
    }
}
