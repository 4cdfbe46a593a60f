using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Nats.JetStream;

/// <summary>Asks a server about its streams, over a connection that can also receive. One question at a time.</summary>
public sealed class StreamLookup
{
    private readonly NatsSubscriber _connection;
    private readonly TimeSpan _timeout;
    private readonly string _inbox = $"_INBOX.{Guid.NewGuid():N}";

    /// <summary>Prepares to ask.</summary>
    /// <param name="connection">Nobody else may read from it meanwhile.</param>
    /// <param name="timeout">For each answer.</param>
    public StreamLookup(NatsSubscriber connection, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _timeout = timeout;
        connection.Subscribe(_inbox);
    }

    /// <summary>The settings of a stream; null when there is none with that name.</summary>
    /// <exception cref="NatsException">JetStream is off, or did not answer; the message says which.</exception>
    public StreamSettings? Find(string name)
    {
        using var answer = Ask($"$JS.API.STREAM.INFO.{name}", string.Empty);
        if (answer.RootElement.TryGetProperty("error", out var error))
        {
            return Number(error, "err_code") == 10059 || Number(error, "code") == 404
                ? null
                : throw new NatsException($"JetStream answered: {Text(error, "description")}");
        }

        var config = answer.RootElement.GetProperty("config");
        return new StreamSettings
        {
            Name = name,
            Subjects = config.TryGetProperty("subjects", out var subjects) ? Strings(subjects) : [],
            DuplicateWindow = TimeSpan.FromMicroseconds(Number(config, "duplicate_window") / 1000.0),
            MessageBytesMax = Math.Max(0, Number(config, "max_msg_size")),
            AnswersNothing = config.TryGetProperty("no_ack", out var noAck) && noAck.ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>Names of the streams that store subjects of this pattern, wildcards allowed.</summary>
    /// <exception cref="NatsException">JetStream is off, or did not answer; the message says which.</exception>
    public ImmutableArray<string> NamesFor(string pattern)
    {
        using var answer = Ask("$JS.API.STREAM.NAMES", $"{{\"subject\":{JsonSerializer.Serialize(pattern, StreamJson.Default.String)}}}");
        return answer.RootElement.TryGetProperty("streams", out var names) ? Strings(names) : [];
    }

    private static ImmutableArray<string> Strings(JsonElement array) => array.ValueKind == JsonValueKind.Array
        ? [.. array.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
        : [];

    private static long Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? ServerText.Printable(Encoding.UTF8.GetBytes(value.ToString()))
        : "no description";

    private JsonDocument Ask(string subject, string body)
    {
        _connection.Publish(Encoding.UTF8.GetBytes(subject), _inbox, Encoding.UTF8.GetBytes(body));
        if (!_connection.TryRead(out var message, _timeout))
        {
            throw new NatsException(_connection.LastError is { } error
                ? $"JetStream cannot be asked: {error}; allow this user to publish to $JS.API.STREAM.> or look yourself"
                : "JetStream does not answer; check that it is enabled for this account");
        }

        if (message.Headers.StartsWith("NATS/1.0 503"u8))
        {
            throw new NatsException("JetStream is not enabled for this account; enable it, or use publishing.delivery: fenced");
        }

        try
        {
            var answer = JsonDocument.Parse(message.Payload.ToArray());
            return answer.RootElement.ValueKind == JsonValueKind.Object
                ? answer
                : throw new NatsException("what answers in JetStream's place sent no object");
        }
        catch (JsonException broken)
        {
            throw new NatsException("what answers in JetStream's place sent no JSON", broken);
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class StreamJson : System.Text.Json.Serialization.JsonSerializerContext;
