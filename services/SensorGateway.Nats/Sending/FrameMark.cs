namespace SensorGateway.Nats.Sending;

internal enum FrameKind : byte
{
    /// <summary>A message without headers.</summary>
    Pub,

    /// <summary>A message with headers.</summary>
    Hpub,

    /// <summary>Our PING: the fence, or a question whether the server lives.</summary>
    Ping,

    /// <summary>Our answer to the server's PING.</summary>
    Pong,
}

/// <summary>Size and kind of one frame in the send log.</summary>
/// <param name="Bytes">The whole frame.</param>
/// <param name="PayloadBytes">Headers and payload: what the server holds against its max_payload.</param>
/// <param name="Kind">What the frame is.</param>
internal readonly record struct FrameMark(int Bytes, int PayloadBytes, FrameKind Kind)
{
    public bool IsMessage => Kind <= FrameKind.Hpub;

    public bool Fits(int maxPayloadBytes, bool headersAllowed) =>
        PayloadBytes <= maxPayloadBytes && (headersAllowed || Kind != FrameKind.Hpub);
}

/// <summary>A place in the send log up to which one PING speaks for everything.</summary>
/// <param name="Frame">Index of the first frame behind the fence.</param>
/// <param name="End">Byte position of that frame.</param>
/// <param name="Messages">Messages before the fence since the log was made, without those dropped.</param>
/// <param name="MessageBytes">Their bytes.</param>
internal readonly record struct FenceMark(long Frame, long End, long Messages, long MessageBytes);

/// <summary>What one successful send completed.</summary>
internal readonly record struct SentFrames(int FirstTimeMessages, int ResentMessages, int PingsSent);

/// <summary>What a new session will not get, because its server would close the connection over it.</summary>
internal readonly record struct DroppedFrames(int Messages, long MessageBytes);
