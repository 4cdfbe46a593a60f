using System.Text.Json;
using SensorGateway.Configuration;

namespace SensorGateway.Hosting.Control;

/// <summary>What a client may ask for.</summary>
internal enum ControlCommand
{
    /// <summary>The status report.</summary>
    Status,

    /// <summary>A reload.</summary>
    Reload,
}

/// <summary>One line of JSON from a client, such as <c>{"command":"reload","wait":true}</c>.</summary>
/// <param name="Command">What is asked for.</param>
/// <param name="Wait">For a reload: answer only when it is done.</param>
internal sealed record ControlRequest(ControlCommand Command, bool Wait)
{
    /// <summary>Longest request, its line feed included.</summary>
    public const int BytesMax = 4096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };

    /// <summary>Reads a request. Members that this version does not know are ignored.</summary>
    /// <param name="line">Without its line feed; may be anything at all.</param>
    /// <param name="problem">What is wrong and what to do; empty when nothing is.</param>
    /// <returns>The request, or null.</returns>
    public static ControlRequest? TryParse(ReadOnlyMemory<byte> line, out string problem)
    {
        problem = "";
        try
        {
            using var json = JsonDocument.Parse(line, Strict);
            return Read(json.RootElement, out problem);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter: a text with half a surrogate pair.
            problem = "the request is no JSON object; send one line such as {\"command\":\"status\"}";
            return null;
        }
    }

    private static ControlRequest? Read(JsonElement root, out string problem)
    {
        problem = "";
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("command", out var command) || command.ValueKind != JsonValueKind.String)
        {
            problem = "the request names no command; send {\"command\":\"status\"} or {\"command\":\"reload\"}";
            return null;
        }

        var wait = root.TryGetProperty("wait", out var flag);
        if (wait && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            problem = "wait is neither true nor false; send {\"command\":\"reload\",\"wait\":true}";
            return null;
        }

        switch (command.GetString())
        {
            case "status":
                return new ControlRequest(ControlCommand.Status, false);
            case "reload":
                return new ControlRequest(ControlCommand.Reload, wait && flag.ValueKind == JsonValueKind.True);
            default:
                problem = $"unknown command {Printable.Quote(command.GetString()!)}; use status or reload";
                return null;
        }
    }
}
