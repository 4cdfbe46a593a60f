using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SensorGateway.Configuration.Values;

/// <summary>An IP address and port to listen on. Values are <see cref="IPEndPoint"/>.</summary>
internal sealed class EndpointKind : ScalarKind
{
    /// <inheritdoc/>
    public override string Expected => "an IP address and port such as 127.0.0.1:7400";

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || (text.Contains("::", StringComparison.Ordinal) && !text.Contains(']', StringComparison.Ordinal)))
        {
            return Reading.Bad($"is {Printable.Quote(text)}, which has no port", $"use {Expected} or [::1]:7400");
        }

        var host = text[..colon];
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return Reading.Bad($"has the port {Printable.Quote(text[(colon + 1)..])}", "use 1 to 65535, or 0 for any free one");
        }

        if (host.Length == 0)
        {
            return Reading.Bad("has no address before the port", $"write 127.0.0.1:{text[(colon + 1)..]}, or 0.0.0.0 for every interface");
        }

        // IPAddress would take "1" and "0x7f.1" too, which nobody means.
        var bare = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        var isWhole = bare.Contains(':', StringComparison.Ordinal)
            ? host.StartsWith('[')
            : bare.Count(c => c == '.') == 3 && bare.All(c => char.IsAsciiDigit(c) || c == '.');
        return isWhole && IPAddress.TryParse(bare, out var address)
            ? Reading.Of(new IPEndPoint(address, port))
            : Reading.Bad($"has the address {Printable.Quote(host)}", "use an IP address: 127.0.0.1 for this host only, 0.0.0.0 for every interface");
    }

    /// <inheritdoc/>
    public override string Text(object value) => ((IPEndPoint)value).ToString();

    /// <inheritdoc/>
    public override string Show(object value) => Text(value).StartsWith('[') ? $"\"{Text(value)}\"" : Text(value);

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", "^.+:[0-9]{1,5}$");
    }
}
