using System.Buffers;
using System.Text;
using System.Text.Json;
using SensorGateway.Nats.Login;

namespace SensorGateway.Nats.Protocol;

/// <summary>The client's first words: CONNECT with its options, and the PING whose PONG means accepted.</summary>
internal static class ConnectLine
{
    public static byte[] Create(
        string clientName, NatsCredentials credentials, string clientVersion, LoginProof? proof = null,
        string? inbox = null)
    {
        var line = new ArrayBufferWriter<byte>(512);
        line.Write("CONNECT "u8);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteBoolean("verbose", false);
            json.WriteBoolean("pedantic", false);
            json.WriteBoolean("tls_required", false);
            json.WriteNumber("protocol", 1); // The server may send INFO again when something changes.
            json.WriteBoolean("headers", true);
            json.WriteBoolean("no_responders", true);
            json.WriteBoolean("echo", false);
            json.WriteString("name", clientName);
            json.WriteString("lang", ".net");
            json.WriteString("version", clientVersion);
            WriteCredentials(json, credentials, proof);
            json.WriteEndObject();
        }

        line.Write("\r\n"u8);
        if (inbox is not null)
        {
            line.Write(Encoding.ASCII.GetBytes($"SUB {inbox}.* 1\r\n"));
        }

        line.Write("PING\r\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private static void WriteCredentials(Utf8JsonWriter json, NatsCredentials credentials, LoginProof? proof)
    {
        if (proof is not null)
        {
            json.WriteString(proof.Jwt is null ? "nkey" : "jwt", proof.Jwt ?? proof.Nkey);
            json.WriteString("sig", proof.Signature);
            return;
        }

        if (credentials.Token is not null)
        {
            json.WriteString("auth_token", credentials.Token);
            return;
        }

        if (credentials.User is not null)
        {
            json.WriteString("user", credentials.User);
            json.WriteString("pass", credentials.Password ?? string.Empty);
        }
    }
}
