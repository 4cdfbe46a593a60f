using System.Buffers.Text;
using Microsoft.Extensions.Logging;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Nats.JetStream;

/// <summary>Takes the stream's answers out of what the server sends. Owner: the reading side, for one session.</summary>
internal sealed class AckReader(
    byte[] inboxPrefix, AckQueue queue, NatsStatus status, PublisherBell bell, ILogger logger, int index,
    TimeProvider time)
{
    /// <summary>Receive buffer: a window's worth of answers fits, and one answer always does.</summary>
    public const int BufferBytes = 128 * 1024;

    private const int AnswerMaxBytes = 64 * 1024;

    private RateLimit _log = new(TimeSpan.FromSeconds(10));
    private string? _trouble; // What the status shows because of us, until a message is stored.

    /// <summary>Takes one MSG or HMSG with its body. NeedMore leaves it; TooLong means it cannot be read.</summary>
    public LineResult Take(ReceiveBuffer received, ServerLine line, int lineBytes)
    {
        if (!MessageLine.TryParse(line.Argument, line.Kind == ServerLineKind.MessageWithHeaders, out var message)
            || message.TotalBytes > AnswerMaxBytes)
        {
            return LineResult.TooLong;
        }

        var frameBytes = lineBytes + message.TotalBytes + PubLine.LineEnd.Length;
        if (received.UnreadBytes < frameBytes)
        {
            return LineResult.NeedMore;
        }

        var body = received.Unread.Slice(lineBytes, message.TotalBytes);
        if (TryReadNumber(message.Subject, out var number)
            && PubAck.TryParse(body[..message.HeaderBytes], body[message.HeaderBytes..], out var ack))
        {
            queue.TryAdd(new AckEvent(number, time.GetTimestamp(), ack.Kind));
            if (ack.Reason is not null || ack.Code != 0 || _trouble is not null)
            {
                Report(ack);
            }
        }

        received.Skip(frameBytes);
        return LineResult.Line;
    }

    /// <summary>Behind all that has arrived.</summary>
    public void EndBatch()
    {
        if (queue.ShouldWake())
        {
            bell.Ring();
        }
    }

    private bool TryReadNumber(ReadOnlySpan<byte> subject, out long number)
    {
        number = 0;
        return subject.StartsWith(inboxPrefix)
            && Utf8Parser.TryParse(subject[inboxPrefix.Length..], out number, out var used)
            && used == subject.Length - inboxPrefix.Length;
    }

    private void Report(in PubAck ack)
    {
        if (ack.Kind is AckKind.Stored or AckKind.Duplicate)
        {
            status.LastError = null;
            _trouble = null;
            return;
        }

        var text = ack.Reason is null
            ? "no stream takes the subject (503, no responders); create a stream that covers it, or enable JetStream"
            : $"the stream answered: {ack.Reason} ({ack.Code})";
        status.LastError = text;
        if (ack.Kind == AckKind.NotNow)
        {
            _trouble = text;
        }

        if (_log.TryPass())
        {
            Action<ILogger, int, string> log = ack.Kind == AckKind.NotNow ? NatsLog.StreamNotNow : NatsLog.StreamRejects;
            log(logger, index, text);
        }
    }
}
