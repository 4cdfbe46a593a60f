using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SensorGateway.Nats;

/// <summary>Where one server listens, and the credentials its URL carried, if any.</summary>
/// <remarks><see cref="ToString"/> never shows the credentials: endpoints appear in logs and status pages.</remarks>
public sealed record NatsEndpoint(string Host, int Port)
{
    /// <summary>The port of a server that was told none.</summary>
    public const int DefaultPort = 4222;

    /// <summary>Credentials from the URL; they go before those of <see cref="NatsOptions"/>.</summary>
    public NatsCredentials Credentials { get; init; } = NatsCredentials.None;

    /// <summary>The URL said tls://: this server is never talked to in the clear.</summary>
    public bool RequiresTls { get; init; }

    /// <summary>For a server known by its address only: the host name its certificate must have.</summary>
    internal string? TlsName { get; init; }

    /// <summary>The name that must be in the certificate.</summary>
    internal string VerifiedHost => TlsName ?? Host;

    /// <summary>Reads <c>[nats://|tls://][user:password@|token@]host[:port]</c>.</summary>
    /// <param name="text">The URL as the user wrote it.</param>
    /// <param name="endpoint">The endpoint, when the answer is true.</param>
    /// <param name="problem">Otherwise what is wrong and what to write instead.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out NatsEndpoint? endpoint, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = null;
        var rest = text.AsSpan().Trim();
        var requiresTls = rest.StartsWith("tls://", StringComparison.OrdinalIgnoreCase);
        if (rest.IndexOf("://") is >= 0 and var schemeEnd)
        {
            problem = SchemeProblem(rest[..schemeEnd]);
            if (problem is not null)
            {
                return false;
            }

            rest = rest[(schemeEnd + 3)..];
        }

        // The last @ ends the credentials: a password may hold one, a host name cannot.
        var credentials = NatsCredentials.None;
        if (rest.LastIndexOf('@') is >= 0 and var at)
        {
            credentials = ReadCredentials(rest[..at]);
            rest = rest[(at + 1)..];
        }

        if (!TrySplitHostAndPort(rest, out var host, out var port, out problem))
        {
            return false;
        }

        endpoint = new NatsEndpoint(host, port) { Credentials = credentials, RequiresTls = requiresTls };
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(RequiresTls ? "tls" : "nats")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");

    private static string? SchemeProblem(ReadOnlySpan<char> scheme) => scheme switch
    {
        _ when scheme.Equals("nats", StringComparison.OrdinalIgnoreCase) => null,
        _ when scheme.Equals("tls", StringComparison.OrdinalIgnoreCase) => null,
        _ => $"scheme '{scheme}' is unknown; use nats://host:port or tls://host:port",
    };

    private static NatsCredentials ReadCredentials(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return NatsCredentials.None;
        }

        return text.IndexOf(':') is >= 0 and var colon
            ? new NatsCredentials(Unescape(text[..colon]), Unescape(text[(colon + 1)..]), null)
            : new NatsCredentials(null, null, Unescape(text));
    }

    private static string Unescape(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString());

    private static bool TrySplitHostAndPort(
        ReadOnlySpan<char> text, out string host, out int port, [NotNullWhen(false)] out string? problem)
    {
        host = string.Empty;
        port = DefaultPort;
        text = text.TrimEnd('/');
        var hostEnd = text.StartsWith("[") ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (text.StartsWith("[") && hostEnd == 0)
        {
            problem = "the IPv6 address has no closing ]; write [::1]:4222";
            return false;
        }

        hostEnd = hostEnd < 0 ? text.Length : hostEnd;
        host = text[..hostEnd].Trim("[]").ToString();
        if (host.Length == 0)
        {
            problem = "the host is missing; write nats://host:4222";
            return false;
        }

        if (host.AsSpan().ContainsAny(" \t/?#"))
        {
            problem = $"'{host}' is not a host name; write nats://host:4222";
            return false;
        }

        var portText = text[hostEnd..];
        if (!portText.IsEmpty && (portText[0] != ':'
            || !int.TryParse(portText[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is < 1 or > 65535))
        {
            problem = $"port '{portText.TrimStart(':')}' is not a number from 1 to 65535; the usual one is 4222";
            return false;
        }

        problem = null;
        return true;
    }
}
