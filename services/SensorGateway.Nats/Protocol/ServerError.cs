namespace SensorGateway.Nats.Protocol;

internal enum ServerErrorKind
{
    /// <summary>Not in the table. Servers close after most errors, so the connection is watched, not cut.</summary>
    Unknown,

    /// <summary>The server does not want us with these credentials.</summary>
    Refused,

    /// <summary>One message was refused; the connection stays open.</summary>
    PermissionDenied,

    /// <summary>The server closes this connection; another may be taken.</summary>
    Reconnect,

    /// <summary>The server closes because of something we sent; it will again unless something changes.</summary>
    Protocol,

    /// <summary>The server only speaks TLS.</summary>
    TlsRequired,
}

/// <summary>The -ERR texts of nats-server and what each asks of us.</summary>
internal static class ServerError
{
    private static readonly (string Prefix, ServerErrorKind Kind)[] Table =
    [
        ("authorization violation", ServerErrorKind.Refused),
        ("authorization timeout", ServerErrorKind.Refused),
        ("authentication timeout", ServerErrorKind.Refused),
        ("authentication expired", ServerErrorKind.Refused),
        ("authentication revoked", ServerErrorKind.Refused),
        ("user authentication", ServerErrorKind.Refused),
        ("account authentication", ServerErrorKind.Refused),
        ("permissions violation", ServerErrorKind.PermissionDenied),
        ("invalid publish subject", ServerErrorKind.PermissionDenied),
        ("invalid subject", ServerErrorKind.PermissionDenied),
        ("stale connection", ServerErrorKind.Reconnect),
        ("maximum connections", ServerErrorKind.Reconnect),
        ("maximum account", ServerErrorKind.Reconnect),
        ("connection throttling", ServerErrorKind.Reconnect),
        ("slow consumer", ServerErrorKind.Reconnect),
        ("server shutdown", ServerErrorKind.Reconnect),
        ("cluster", ServerErrorKind.Reconnect),
        ("secure connection", ServerErrorKind.TlsRequired),
        ("tls", ServerErrorKind.TlsRequired),
        ("maximum payload", ServerErrorKind.Protocol),
        ("maximum control line", ServerErrorKind.Protocol),
        ("message headers not supported", ServerErrorKind.Protocol),
        ("unknown protocol", ServerErrorKind.Protocol),
        ("parser error", ServerErrorKind.Protocol),
        ("invalid client protocol", ServerErrorKind.Protocol),
        ("no responders requires headers", ServerErrorKind.Protocol),
    ];

    /// <summary>Finds the kind by the start of the text, in any case.</summary>
    public static ServerErrorKind Classify(string text)
    {
        foreach (var (prefix, kind) in Table)
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        return ServerErrorKind.Unknown;
    }
}
