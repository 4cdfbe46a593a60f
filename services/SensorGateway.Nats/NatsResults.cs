namespace SensorGateway.Nats;

/// <summary>What became of one message handed to <see cref="NatsConnection.TryAppend"/>.</summary>
public enum NatsAppendResult
{
    /// <summary>Copied into the send log.</summary>
    Appended,

    /// <summary>The log has no room until the server confirms more; try again later or count a loss.</summary>
    LogFull,

    /// <summary>Above the server's max_payload or the size of the log: it can never be sent.</summary>
    TooLarge,

    /// <summary>
    /// The subject is empty or too long, has an empty token, a wildcard, a space or a control character.
    /// </summary>
    BadSubject,

    /// <summary>The header block does not start with NATS/1.0 and end with an empty line, or the id cannot be sent.</summary>
    BadHeaders,

    /// <summary>The server takes no headers.</summary>
    HeadersUnsupported,
}

/// <summary>What <see cref="NatsConnection.Flush"/> left behind.</summary>
public enum NatsFlushResult
{
    /// <summary>Everything appended is in the socket, or waits for answers of the stream.</summary>
    Idle,

    /// <summary>The socket is full: poll <see cref="NatsConnection.PollDescriptor"/> for writing.</summary>
    Blocked,

    /// <summary>There is no connection; the log keeps what it has.</summary>
    Down,
}

/// <summary>Where a connection stands.</summary>
public enum NatsConnectionState
{
    /// <summary>Dialling, or waiting to dial again; <see cref="NatsConnection.LastError"/> says why.</summary>
    Connecting,

    /// <summary>The server accepted us.</summary>
    Connected,

    /// <summary>
    /// The server refused our credentials, or they cannot be used. Tried again slowly, because either may be repaired.
    /// </summary>
    Refused,

    /// <summary>Disposed.</summary>
    Closed,
}

/// <summary>A subject that this user may not publish to.</summary>
/// <param name="Subject">Printable; <c>(others)</c> stands for all that found no room in the list.</param>
/// <param name="Count">Complaints of the server.</param>
public readonly record struct NatsRefusedSubject(string Subject, long Count);

/// <summary>A server could not be reached or did not accept us; the message says what to do.</summary>
public sealed class NatsException : Exception
{
    /// <summary>An error without a text.</summary>
    public NatsException()
    {
    }

    /// <summary>An error with its cause and cure.</summary>
    public NatsException(string message)
        : base(message)
    {
    }

    /// <summary>An error caused by another.</summary>
    public NatsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>True when the server is there but does not want us with these credentials.</summary>
    public bool IsRefused { get; init; }
}
