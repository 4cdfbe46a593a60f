using System.Text;
using System.Text.Json;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Nats.JetStream;

/// <summary>What a stream answers to a published message.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Code">For an error its code, like that of HTTP; else 0.</param>
/// <param name="Reason">For an error its description.</param>
internal readonly record struct PubAck(AckKind Kind, int Code, string? Reason)
{
    /// <summary>Reads the answer. False when it is none: someone else may answer on a subject.</summary>
    /// <remarks>Allocates for errors only.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, out PubAck ack)
    {
        if (TryParseStatus(headers, out var status))
        {
            ack = new PubAck(AckKind.NotNow, status, null);
            return true;
        }

        try
        {
            return TryParseJson(payload, out ack);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            ack = default;
            return false;
        }
    }

    // "NATS/1.0 503": the server itself answers, because no stream wants the subject.
    private static bool TryParseStatus(ReadOnlySpan<byte> headers, out int status)
    {
        status = 0;
        var version = "NATS/1.0 "u8;
        return headers.StartsWith(version)
            && System.Buffers.Text.Utf8Parser.TryParse(headers[version.Length..], out status, out var digits)
            && digits == 3 && status >= 400;
    }

    private static bool TryParseJson(ReadOnlySpan<byte> json, out PubAck ack)
    {
        ack = default;
        var (hasStream, sequence, duplicate, code) = (false, 0UL, false, 0);
        string? reason = null;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("stream"u8))
            {
                hasStream = reader.Read() && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty;
            }
            else if (reader.ValueTextEquals("seq"u8))
            {
                sequence = reader.Read() && reader.TryGetUInt64(out var value) ? value : 0;
            }
            else if (reader.ValueTextEquals("duplicate"u8))
            {
                duplicate = reader.Read() && reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader, out code, out reason);
            }
            else if (reader.Read())
            {
                reader.Skip();
            }
        }

        if (reason is not null)
        {
            // 4xx is about this message; too many requests, and everything about the server's state, passes.
            var passes = code is < 400 or 408 or 429 or >= 500;
            ack = new PubAck(passes ? AckKind.NotNow : AckKind.Rejected, code, reason);
            return true;
        }

        ack = new PubAck(duplicate ? AckKind.Duplicate : AckKind.Stored, 0, null);
        return hasStream && sequence > 0;
    }

    private static void ReadError(ref Utf8JsonReader reader, out int code, out string? reason)
    {
        (code, reason) = (0, null);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        reason = "no description";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("code"u8))
            {
                code = reader.Read() && reader.TryGetInt32(out var value) ? value : 0;
            }
            else if (reader.ValueTextEquals("description"u8))
            {
                reason = reader.Read() && reader.TokenType == JsonTokenType.String
                    ? ServerText.Printable(Encoding.UTF8.GetBytes(reader.GetString()!))
                    : reason;
            }
            else if (reader.Read())
            {
                reader.Skip();
            }
        }
    }
}
