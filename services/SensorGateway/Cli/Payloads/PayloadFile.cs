using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SensorGateway.Configuration;

namespace SensorGateway.Cli.Payloads;

/// <summary>Reads files of payloads; a broken one ends with its place and the cure.</summary>
internal static class PayloadFile
{
    /// <summary>No source takes longer ones.</summary>
    public const int PayloadBytesMax = 1024 * 1024;

    private const int HeaderBytes = 4;

    /// <summary>All payloads of a file, or of standard input for <c>-</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Null takes it from the name: .ndjson, .txt and .log, otherwise frames.</param>
    /// <exception cref="CommandException">The file is missing or broken.</exception>
    public static List<byte[]> ReadAll(string path, PayloadFormat? format)
    {
        var bytes = ReadBytes(path);
        var payloads = (format ?? FormatOf(path)) switch
        {
            PayloadFormat.Lines => ReadLines(bytes),
            PayloadFormat.Ndjson => ReadNdjson(bytes, path),
            _ => ReadFrames(bytes, path),
        };
        return payloads.Count > 0
            ? payloads
            : throw new CommandException(
                ExitCodes.BadInput, $"{path}: holds no payload; name a file with at least one, or another --format.");
    }

    /// <summary>One payload: all bytes of a file, or of standard input for <c>-</c>.</summary>
    /// <exception cref="CommandException">The file is missing, or longer than any payload.</exception>
    public static byte[] ReadOne(string path)
    {
        var bytes = ReadBytes(path);
        return bytes.Length <= PayloadBytesMax
            ? bytes
            : throw new CommandException(
                ExitCodes.BadInput,
                string.Create(CultureInfo.InvariantCulture, $"{path}: has {bytes.Length} bytes, and no payload has more than "
                    + $"{PayloadBytesMax}; name a file that holds one payload."));
    }

    /// <summary>The format that a file's name tells.</summary>
    public static PayloadFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".ndjson" or ".jsonl" => PayloadFormat.Ndjson,
        ".txt" or ".log" => PayloadFormat.Lines,
        _ => PayloadFormat.Frames,
    };

    /// <summary>Cuts length-prefixed frames.</summary>
    public static List<byte[]> ReadFrames(ReadOnlySpan<byte> bytes, string name)
    {
        var payloads = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var rest = bytes[at..];
            if (rest.Length < HeaderBytes)
            {
                throw Broken(name, at, $"ends inside a length ({rest.Length} of {HeaderBytes} bytes)");
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length is 0 or > PayloadBytesMax)
            {
                throw Broken(
                    name, at,
                    string.Create(CultureInfo.InvariantCulture, $"has a frame of {length} bytes, outside 1 to "
                        + $"{PayloadBytesMax}"));
            }

            if (rest.Length - HeaderBytes < length)
            {
                throw Broken(
                    name, at,
                    string.Create(CultureInfo.InvariantCulture, $"ends inside a frame ({rest.Length - HeaderBytes} of "
                        + $"{length} bytes)"));
            }

            payloads.Add(rest.Slice(HeaderBytes, (int)length).ToArray());
            at += HeaderBytes + (int)length;
        }

        return payloads;
    }

    /// <summary>Cuts lines as a source with framing newline does.</summary>
    public static List<byte[]> ReadLines(ReadOnlySpan<byte> bytes)
    {
        var payloads = new List<byte[]>();
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range].TrimEnd((byte)'\r');
            if (!line.IsEmpty)
            {
                payloads.Add(line.ToArray());
            }
        }

        return payloads;
    }

    /// <summary>Takes the payload out of every line's object.</summary>
    public static List<byte[]> ReadNdjson(ReadOnlySpan<byte> bytes, string name)
    {
        var payloads = new List<byte[]>();
        var line = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            line++;
            var text = bytes[range].TrimEnd((byte)'\r');
            if (text.IsEmpty)
            {
                continue;
            }

            try
            {
                using var parsed = JsonDocument.Parse(text.ToArray());
                payloads.Add(PayloadOf(parsed.RootElement)
                    ?? throw BrokenLine(name, line, "has neither b64 nor text"));
            }
            catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
            {
                throw BrokenLine(name, line, "is not a JSON object with a payload in it");
            }
        }

        return payloads;
    }

    private static byte[]? PayloadOf(JsonElement line) => line.ValueKind != JsonValueKind.Object ? null
        : line.TryGetProperty("b64", out var base64) ? base64.GetBytesFromBase64()
        : line.TryGetProperty("text", out var text) && text.GetString() is { } characters ? Encoding.UTF8.GetBytes(characters)
        : null;

    private static CommandException BrokenLine(string name, int line, string problem) => new(
        ExitCodes.BadInput,
        string.Create(CultureInfo.InvariantCulture, $"{name}:{line}:1: {problem}; write one {{\"b64\":\"...\"}} or "
            + $"{{\"text\":\"...\"}} a line."));

    private static CommandException Broken(string name, int offset, string problem) => new(
        ExitCodes.BadInput,
        string.Create(CultureInfo.InvariantCulture, $"{name}: at byte {offset} it {problem}; ")
        + "a FRAMES file is a 4-byte big-endian length and the payload, repeated: name another --format if it is "
        + "lines or ndjson.");

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return path == "-" ? ReadStandardInput() : File.ReadAllBytes(path);
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(
                ExitCodes.BadInput,
                $"{path}: cannot be read ({FileFailure.Reason(failure)}); name a file of payloads.");
        }
    }

    private static byte[] ReadStandardInput()
    {
        using var input = Console.OpenStandardInput();
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }
}
