namespace SensorGateway.Nats;

/// <summary>One received message. Its spans hold until the next call on the subscriber.</summary>
public readonly ref struct NatsMessage
{
    internal NatsMessage(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, long receivedTicks)
    {
        Subject = subject;
        Headers = headers;
        Payload = payload;
        ReceivedTicks = receivedTicks;
    }

    /// <summary>The subject it was published on.</summary>
    public ReadOnlySpan<byte> Subject { get; }

    /// <summary>The whole header block, or empty.</summary>
    public ReadOnlySpan<byte> Headers { get; }

    /// <summary>The bytes published.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Stopwatch ticks when the receive that completed the message returned.</summary>
    public long ReceivedTicks { get; }
}
