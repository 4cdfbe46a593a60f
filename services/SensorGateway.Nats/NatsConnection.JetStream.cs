using System.Buffers;
using System.Diagnostics;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.JetStream;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats;

/// <summary>The sending side when a stream answers each message.</summary>
public sealed partial class NatsConnection
{
    /// <summary>Longest id of a message.</summary>
    public const int MessageIdMaxBytes = 256;

    // A line end in an id would start a header of the sender's choice.
    private static readonly SearchValues<byte> NotInIds = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), 0x7F]);

    private readonly StreamSender? _stream; // Null unless delivery is JetStream.

    /// <summary>JetStream: messages that the stream will never take; each was given up.</summary>
    public long RejectedByStream => _counters.RejectedMessages;

    /// <summary>JetStream: messages the stream had already when they were sent again; they count as confirmed.</summary>
    public long Duplicates => _counters.DuplicateMessages;

    /// <summary>JetStream: messages that may wait for their answer now; adapts to the stream. Else 0.</summary>
    public int AckWindow => _counters.AckWindow;

    /// <summary>JetStream: messages sent that the stream has not answered yet. Else 0.</summary>
    public int UnansweredMessages => _counters.Unanswered;

    /// <summary>Copies one message with an id into the log; <see cref="Flush"/> sends it.</summary>
    /// <param name="subject">Checked here: dot-separated tokens, no wildcards.</param>
    /// <param name="messageId">
    /// Unique for ever, without control characters: a stream stores a message once however often it is sent with the
    /// same id. Empty for an id of the connection's own. Used with delivery JetStream only.
    /// </param>
    /// <param name="payload">Any bytes.</param>
    public NatsAppendResult TryAppendWithId(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> payload) =>
        _stream is not null ? AppendToStream(subject, [], messageId, payload) : TryAppend(subject, [], payload);

    private NatsAppendResult AppendToStream(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> payload)
    {
        if (!NatsSubject.IsPublishable(subject))
        {
            return NatsAppendResult.BadSubject;
        }

        if ((!headers.IsEmpty && !PubLine.IsHeaderBlock(headers))
            || messageId.Length > MessageIdMaxBytes || messageId.ContainsAny(NotInIds))
        {
            return NatsAppendResult.BadHeaders;
        }

        var log = _stream!.Log;
        var headerBytes = log.HeaderBytesMax(headers, messageId);
        if ((long)headerBytes + payload.Length > _status.MaxPayloadBytes
            || log.FrameBytesMax(subject.Length, headerBytes, payload.Length) > log.CapacityBytes)
        {
            return NatsAppendResult.TooLarge;
        }

        if (!log.TryAppend(subject, headers, messageId, payload)
            && !(TryMakeRoomInStream() && log.TryAppend(subject, headers, messageId, payload)))
        {
            return NatsAppendResult.LogFull;
        }

        _counters.CountAppended(log.AppendedFrameBytes);
        if (log.Waiting + log.InFlight == 1)
        {
            _counters.SettledAtTicks = Stopwatch.GetTimestamp();
        }

        return NatsAppendResult.Appended;
    }

    private bool TryMakeRoomInStream()
    {
        if (_session is not { Acks: { } acks })
        {
            return false;
        }

        var freeBefore = _stream!.Log.FreeBytes;
        _stream.TakeAnswers(acks);
        if (_stream.Log.FreeBytes == freeBefore && _stream.AskToWake(acks))
        {
            _stream.TakeAnswers(acks);
        }

        return _stream.Log.FreeBytes != freeBefore;
    }

    private NatsFlushResult FlushStream(StreamSender stream, long nowTicks)
    {
        var result = FlushWindow(stream, nowTicks);
        _counters.SetWindow(stream.WindowSize, stream.Log.InFlight);
        return result;
    }

    private NatsFlushResult FlushWindow(StreamSender stream, long nowTicks)
    {
        if (CurrentSession() is not { Acks: { } acks } session)
        {
            return NatsFlushResult.Down;
        }

        TakePongs(session);
        AppendControl(session, nowTicks);
        do
        {
            stream.TakeAnswers(acks);
            stream.TakeRefusals(session.Refusals);
            stream.SendOverdueAgain(nowTicks);
            var result = SendStream(session, stream, nowTicks);
            if (result != NatsFlushResult.Idle)
            {
                return result;
            }
        }
        while (stream.IsWindowClosed(nowTicks) && stream.AskToWake(acks));

        return NatsFlushResult.Idle;
    }

    private NatsFlushResult SendStream(NatsSession session, StreamSender stream, long nowTicks)
    {
        while (true)
        {
            // PING and PONG overtake messages: a closed window must not keep them. But nothing may split a frame.
            if (!stream.Log.IsMidFrame && _log.UnsentBytes > 0
                && Send(session, nowTicks) is var control and not NatsFlushResult.Idle)
            {
                return control;
            }

            var chunk = stream.Unsent(nowTicks, SendChunkBytes);
            if (chunk.IsEmpty)
            {
                return Finish(session, nowTicks);
            }

            var taken = session.Socket.TrySend(chunk);
            if (taken == Transport.Failed)
            {
                session.FailSending(session.Socket.LastErrorText);
                return NatsFlushResult.Down;
            }

            if (taken > 0)
            {
                var sent = stream.Log.AdvanceSent(taken, nowTicks);
                _counters.CountSent(sent.FirstTimeMessages, sent.ResentMessages);
            }

            if (taken < chunk.Length)
            {
                if (taken > 0 || session.BlockedSinceTicks == 0)
                {
                    session.BlockedSinceTicks = nowTicks;
                }

                return NatsFlushResult.Blocked;
            }
        }
    }
}
