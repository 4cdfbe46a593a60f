using System.Diagnostics;

namespace SensorGateway.Nats.JetStream;

/// <summary>How many messages may wait for their answer. Owner: the sending side.</summary>
/// <remarks>
/// A larger window than the stream needs only makes its queue, and so each answer, longer. So it grows while answers
/// stay nearly as quick as they ever were, and is halved when they take much longer than usual.
/// </remarks>
internal sealed class AckWindow
{
    public const int Min = 16;
    public const int Start = 256;
    public const int Max = 1024;

    // Below this, longer is noise of the scheduler and no queue.
    private static readonly double SlowTicks = Stopwatch.Frequency * 0.002;

    private double _sumTicks;
    private int _count;
    private double _bestTicks = double.MaxValue;
    private double _usualTicks;

    /// <summary>Messages that may be unanswered.</summary>
    public int Size { get; private set; } = Start;

    /// <summary>The window was closed at some time of this round: only then is it worth growing.</summary>
    public bool WasClosed { get; set; }

    /// <summary>One message was answered so long after it was sent.</summary>
    public void NoteAnswer(long ticks)
    {
        _sumTicks += Math.Max(0, ticks);
        if (++_count >= Math.Max(64, Size / 2))
        {
            EndRound(_sumTicks / _count);
        }
    }

    /// <summary>The stream did not answer in time, or cannot store for now.</summary>
    public void NoteTrouble()
    {
        Size = Math.Max(Min, Size / 2);
        (_sumTicks, _count) = (0, 0);
    }

    private void EndRound(double ticks)
    {
        if (_usualTicks == 0)
        {
            _usualTicks = ticks;
        }

        // The best is slowly forgotten: a stream moved to a slower disk must not look troubled for ever.
        _bestTicks = Math.Min(_bestTicks * 1.01, ticks);
        if (ticks > SlowTicks && ticks > 2 * _usualTicks)
        {
            Size = Math.Max(Min, Size / 2);
        }
        else if (WasClosed && (Size < Start || ticks < 2 * _bestTicks))
        {
            Size = Math.Min(Max, Size < Start ? Size * 2 : Size + (Size / 8));
        }

        _usualTicks += (ticks - _usualTicks) / 8;
        (_sumTicks, _count, WasClosed) = (0, 0, false);
    }
}
