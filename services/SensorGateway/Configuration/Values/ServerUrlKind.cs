using System.Globalization;
using System.Text.Json;
using SensorGateway.Configuration.Model;

namespace SensorGateway.Configuration.Values;

/// <summary><c>nats://host:port</c>. Values are <see cref="ServerAddress"/>.</summary>
internal sealed class ServerUrlKind : ScalarKind
{
    private const int DefaultPort = 4222;

    /// <inheritdoc/>
    public override string Expected => "a URL such as nats://127.0.0.1:4222";

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        const string Scheme = "nats://";
        if (text.StartsWith("tls://", StringComparison.Ordinal))
        {
            return Reading.Bad("is a tls:// URL, which is not in this version", $"use {Expected} to a server on a trusted network");
        }

        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return Reading.Bad($"is {Printable.Quote(text)}", $"use {Expected}");
        }

        var rest = text.AsSpan(Scheme.Length).TrimEnd('/');
        if (rest.Contains('@'))
        {
            // Not echoed: what stands before the @ is a secret.
            return Reading.Bad("holds a user, password or token", "move it to publishing.auth, where config show masks it");
        }

        var portAt = rest.EndsWith("]") ? -1 : rest.LastIndexOf(':');
        var host = (portAt < 0 ? rest : rest[..portAt]).ToString();
        if (host.Length == 0)
        {
            return Reading.Bad($"is {Printable.Quote(text)}, which has no host", $"use {Expected}");
        }

        ushort port = DefaultPort;
        if (portAt >= 0 && (!ushort.TryParse(rest[(portAt + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0))
        {
            return Reading.Bad($"has the port {Printable.Quote(rest[(portAt + 1)..].ToString())}", "use 1 to 65535; 4222 is usual");
        }

        var bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return Uri.CheckHostName(bare) == UriHostNameType.Unknown || (bare == host && bare.Contains(':', StringComparison.Ordinal))
            ? Reading.Bad($"has the host {Printable.Quote(host)}", "use a host name, an IPv4 address, or an IPv6 address in brackets")
            : Reading.Of(new ServerAddress(bare, port));
    }

    /// <inheritdoc/>
    public override string Text(object value) => ((ServerAddress)value).ToString();

    /// <inheritdoc/>
    public override string Show(object value) => Text(value).Contains('[', StringComparison.Ordinal) ? $"\"{Text(value)}\"" : Text(value);

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", "^nats://.+");
    }
}
