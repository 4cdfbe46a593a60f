using System.Text.Json;
using System.Text.Json.Serialization;

namespace SensorGateway.Nats.Protocol;

/// <summary>What a server says of itself in INFO, at the start and whenever it changes.</summary>
internal sealed record ServerInfo
{
    private const int DefaultMaxPayloadBytes = 1024 * 1024;

    /// <summary>More addresses than a cluster has: a list without end must not fill our memory.</summary>
    private const int ConnectUrlsMax = 256;

    [JsonPropertyName("server_name")]
    public string? ServerName { get; init; }

    [JsonPropertyName("server_id")]
    public string? ServerId { get; init; }

    [JsonPropertyName("version")]
    public string? Version { get; init; }

    [JsonPropertyName("max_payload")]
    public long MaxPayload { get; init; }

    [JsonPropertyName("headers")]
    public bool Headers { get; init; }

    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    [JsonPropertyName("tls_available")]
    public bool TlsAvailable { get; init; }

    /// <summary>It wants a client certificate.</summary>
    [JsonPropertyName("tls_verify")]
    public bool TlsVerify { get; init; }

    [JsonPropertyName("auth_required")]
    public bool AuthRequired { get; init; }

    /// <summary>What to sign for a login with an nkey or a JWT; null when the server has neither.</summary>
    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    [JsonPropertyName("ldm")]
    public bool LameDuck { get; init; }

    [JsonPropertyName("connect_urls")]
    public string[]? ConnectUrls { get; init; }

    /// <summary>Headers and payload of one message; servers that name no limit have the usual one.</summary>
    [JsonIgnore]
    public int MaxPayloadBytes => MaxPayload <= 0 ? DefaultMaxPayloadBytes : (int)Math.Min(MaxPayload, int.MaxValue);

    /// <summary>Other servers of the cluster, as endpoints; what is not an address is left out.</summary>
    public IEnumerable<NatsEndpoint> DiscoveredEndpoints()
    {
        foreach (var url in (ConnectUrls ?? []).Take(ConnectUrlsMax))
        {
            if (url is not null && NatsEndpoint.TryParse(url, out var endpoint, out _))
            {
                yield return endpoint;
            }
        }
    }

    /// <summary>Reads the JSON of an INFO line. Null when it is not a JSON object of the expected types.</summary>
    public static ServerInfo? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ServerInfoJson.Default.ServerInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(ServerInfo))]
internal sealed partial class ServerInfoJson : JsonSerializerContext;
