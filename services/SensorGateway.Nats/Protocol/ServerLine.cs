namespace SensorGateway.Nats.Protocol;

internal enum ServerLineKind
{
    Unknown,
    Info,
    Ping,
    Pong,
    Ok,
    Error,
    Message,
    MessageWithHeaders,
}

/// <summary>One control line of a server: what it is, and the text behind its verb.</summary>
internal readonly ref struct ServerLine
{
    private ServerLine(ServerLineKind kind, ReadOnlySpan<byte> argument)
    {
        Kind = kind;
        Argument = argument;
    }

    public ServerLineKind Kind { get; }

    /// <summary>Trimmed; for an error without its quotes.</summary>
    public ReadOnlySpan<byte> Argument { get; }

    /// <summary>Reads a line without its line end. Verbs count in any case, as servers and clients do.</summary>
    public static ServerLine Parse(ReadOnlySpan<byte> line)
    {
        var verbEnd = line.IndexOfAny((byte)' ', (byte)'\t');
        var verb = verbEnd < 0 ? line : line[..verbEnd];
        var argument = (verbEnd < 0 ? [] : line[verbEnd..]).Trim(" \t"u8);
        return KindOf(verb) switch
        {
            ServerLineKind.Error => new ServerLine(ServerLineKind.Error, argument.Trim((byte)'\'')),
            var kind => new ServerLine(kind, argument),
        };
    }

    private static ServerLineKind KindOf(ReadOnlySpan<byte> verb) => verb.Length switch
    {
        3 when Is(verb, "MSG"u8) => ServerLineKind.Message,
        3 when Is(verb, "+OK"u8) => ServerLineKind.Ok,
        4 when Is(verb, "PONG"u8) => ServerLineKind.Pong,
        4 when Is(verb, "PING"u8) => ServerLineKind.Ping,
        4 when Is(verb, "HMSG"u8) => ServerLineKind.MessageWithHeaders,
        4 when Is(verb, "INFO"u8) => ServerLineKind.Info,
        4 when Is(verb, "-ERR"u8) => ServerLineKind.Error,
        _ => ServerLineKind.Unknown,
    };

    private static bool Is(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> wanted) =>
        verb.SequenceEqual(wanted) || System.Text.Ascii.EqualsIgnoreCase(verb, wanted);
}
