using System.Diagnostics;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Nats.JetStream;

/// <summary>The log, its window, and when to try again. Owner: the sending side.</summary>
/// <remarks>
/// Order: once a message was refused or not answered, nothing more is sent until everything under way is answered or
/// overdue; then the oldest message goes alone, again and again, and only when the stream has taken it do others follow.
/// So a stream that comes back never meets a message whose elder it has not seen. The same at the start of a session.
/// </remarks>
internal sealed class StreamSender(NatsOptions options, Counters counters)
{
    // What the protocol's own guide advises between tries while no stream answers.
    private static readonly long HoldTicks = Stopwatch.Frequency / 4;
    private static readonly long AckLimitTicks = Stopwatch.Frequency * 2;
    private static readonly long OverdueCheckTicks = Stopwatch.Frequency / 10;
    private static readonly long LookMaxTicks = Stopwatch.Frequency / 10;

    private readonly AckWindow _window = new();
    private readonly long _lookMinTicks = (long)(options.FenceInterval.TotalSeconds * Stopwatch.Frequency);
    private long _holdUntilTicks = long.MinValue;
    private long _overdueCheckedTicks = long.MinValue / 2;
    private long _lookedTicks;
    private long _lookTicks;
    private bool _goesAlone = true; // Until the stream has taken the message sent alone.
    private long _alone = -1;       // Its number.

    public AckLog Log { get; } = new(options.SendLogBytes, options.ExpectedStream);

    public int WindowSize => _window.Size;

    /// <summary>When to look for answers that nobody rings for, or to try again.</summary>
    public long DueTicks
    {
        get
        {
            var look = Log.InFlight > 0 ? _lookedTicks + _lookTicks : long.MaxValue;
            var retry = Log.Waiting > 0 && _holdUntilTicks > _lookedTicks ? _holdUntilTicks : long.MaxValue;
            return Math.Min(look, retry);
        }
    }

    /// <summary>Takes what the stream has answered.</summary>
    public void TakeAnswers(AckQueue answers)
    {
        while (answers.TryTake(out var answer))
        {
            _lookTicks = 0;
            if (answer.Kind == AckKind.NotNow)
            {
                SendAgainLater(answer);
            }
            else if (Log.TrySettle(answer.Number, out var frame))
            {
                _goesAlone &= answer.Number != _alone;
                _window.NoteAnswer(answer.Ticks - frame.SentTicks);
                counters.CountAnswer(answer.Kind, frame.Bytes);
                counters.SettledAtTicks = answer.Ticks;
            }
        }
    }

    /// <summary>Gives up what the server does not let this user publish: no answer will ever come for it.</summary>
    public void TakeRefusals(RefusalQueue? refusals)
    {
        while (refusals?.TryTake() is { } subject)
        {
            if (Log.TrySettleRefused(subject, out var frame))
            {
                _goesAlone &= Log.InFlight > 0; // It was the only one: the server has spoken.
                counters.CountAnswer(AckKind.Forbidden, frame.Bytes);
            }
        }
    }

    /// <summary>Marks for another try what was not answered in time.</summary>
    public void SendOverdueAgain(long nowTicks)
    {
        // Answers that are slow to come are looked for ever more rarely.
        _lookTicks = Math.Clamp(_lookTicks * 2, _lookMinTicks, LookMaxTicks);
        _lookedTicks = nowTicks;
        if (nowTicks - _overdueCheckedTicks >= OverdueCheckTicks)
        {
            _overdueCheckedTicks = nowTicks;
            if (Log.SendOverdueAgain(nowTicks - AckLimitTicks) > 0)
            {
                NoteTrouble();
            }
        }
    }

    /// <summary>The next bytes for the socket; empty while held back or nothing may go.</summary>
    public ReadOnlySpan<byte> Unsent(long nowTicks, int maxBytes)
    {
        if (nowTicks < _holdUntilTicks && !Log.IsMidFrame)
        {
            return [];
        }

        var isNext = !Log.IsMidFrame;
        var chunk = Log.Unsent(_goesAlone ? 1 : _window.Size, maxBytes);
        if (_goesAlone && isNext && !chunk.IsEmpty)
        {
            _alone = Log.NextNumber;
        }

        return chunk;
    }

    /// <summary>Only answers let the next message go.</summary>
    public bool IsWindowClosed(long nowTicks) =>
        Log.Waiting > 0 && Log.InFlight >= (_goesAlone ? 1 : _window.Size) && nowTicks >= _holdUntilTicks;

    /// <summary>Asks to be woken by the next good part of a window; true when it has come already.</summary>
    public bool AskToWake(AckQueue answers)
    {
        _window.WasClosed = true;
        return answers.AskToWake(Math.Clamp(Log.InFlight / 4, 1, _window.Size / 4));
    }

    /// <summary>A new session.</summary>
    public DroppedFrames Restart(int maxPayloadBytes)
    {
        _holdUntilTicks = long.MinValue;
        _lookTicks = 0;
        (_goesAlone, _alone) = (true, -1);
        return Log.Restart(maxPayloadBytes);
    }

    private void SendAgainLater(in AckEvent answer)
    {
        if (!Log.TrySendAgain(answer.Number))
        {
            return;
        }

        (_goesAlone, _alone) = (true, -1);
        if (answer.Ticks >= _holdUntilTicks)
        {
            _holdUntilTicks = answer.Ticks + HoldTicks;
            _window.NoteTrouble();
        }
    }

    private void NoteTrouble()
    {
        (_goesAlone, _alone) = (true, -1);
        _window.NoteTrouble();
    }
}
