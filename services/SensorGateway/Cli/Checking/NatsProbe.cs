using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using SensorGateway.Configuration;
using SensorGateway.Configuration.Model;
using SensorGateway.Nats;

namespace SensorGateway.Cli.Checking;

/// <summary>Asks a NATS server who it is, and logs in as the gateway would.</summary>
internal static class NatsProbe
{
    private const int InfoBytesMax = 64 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static async Task<CheckedPlace> RunAsync(
        NatsEndpoint server, GatewayConfig config, CancellationToken cancel)
    {
        var publishing = config.Publishing;
        var name = server.ToString();
        try
        {
            var info = publishing.Tls.Mode == NatsTlsMode.HandshakeFirst
                ? null // Nothing is said in the clear.
                : await ReadInfoAsync(server, cancel).ConfigureAwait(false);
            using var login = NatsSubscriber.Connect(
                server,
                new NatsCredentials(publishing.User, publishing.Password, publishing.Token)
                {
                    NkeyFile = publishing.NkeyFile,
                    CredentialsFile = publishing.CredentialsFile,
                    AllowPlaintext = publishing.AllowsPlaintext,
                },
                Timeout,
                "sensor-gateway-check",
                publishing.Tls);
            info ??= string.Create(
                CultureInfo.InvariantCulture,
                $"nats-server {login.ServerVersion} takes messages up to {login.MaxPayloadBytes} bytes");
            if (publishing.Delivery != NatsDelivery.JetStream)
            {
                return new CheckedPlace(name, true, info);
            }

            var stream = StreamCheck.Run(name, login, config);
            return stream with { Detail = $"{info}; {stream.Detail}" };
        }
        catch (NatsException refused)
        {
            return new CheckedPlace(
                name, false, $"{refused.Message.TrimEnd('.')}; look at publishing.auth, publishing.tls and the server's log.");
        }
        catch (SocketException unreachable)
        {
            return new CheckedPlace(
                name,
                false,
                $"cannot connect ({unreachable.Message}); start the server (nats-server -a {server.Host} -p "
                    + $"{server.Port}) or correct publishing.servers.");
        }
        catch (Exception silent) when (
            (silent is OperationCanceledException && !cancel.IsCancellationRequested) || silent is IOException)
        {
            return new CheckedPlace(
                name, false, "says nothing within 2 s; is it a NATS server? Correct publishing.servers.");
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidDataException)
        {
            return new CheckedPlace(
                name, false, $"is not a NATS server ({Printable.Whole(foreign.Message)}); correct publishing.servers.");
        }
    }

    /// <summary>The server's first line, in words.</summary>
    private static async Task<string> ReadInfoAsync(NatsEndpoint server, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Timeout);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limited.Token).ConfigureAwait(false);
        var stream = client.GetStream();
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[InfoBytesMax];
            var length = 0;
            while (buffer.AsSpan(0, length).IndexOf((byte)'\n') < 0)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), limited.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new InvalidDataException(
                        length == 0 ? "it closed the connection" : "its first line has no end");
                }

                length += read;
            }

            var line = buffer.AsSpan(0, buffer.AsSpan(0, length).IndexOf((byte)'\n'));
            return line.StartsWith("INFO "u8)
                ? Describe(line[5..].ToArray())
                : throw new InvalidDataException(
                    $"it says {Printable.Quote(System.Text.Encoding.Latin1.GetString(line.TrimEnd((byte)'\r')))}");
        }
    }

    internal static string Describe(byte[] json)
    {
        using var info = JsonDocument.Parse(json);
        var root = info.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("its INFO holds no object");
        }

        try
        {
            var version = root.TryGetProperty("version", out var text) ? text.ToString() : "of unknown version";
            var limit = root.TryGetProperty("max_payload", out var bytes) ? bytes.ToString() : "unknown";
            return $"nats-server {Printable.Short(version)} takes messages up to {Printable.Short(limit)} bytes";
        }
        catch (InvalidOperationException broken)
        {
            // JSON strings are decoded only when asked for.
            throw new InvalidDataException("its INFO is not UTF-8", broken);
        }
    }
}
