using System.Text.Json;
using SensorGateway.Nats;

namespace SensorGateway.Configuration.Values;

/// <summary><c>nats://host:port</c>. Values are <see cref="NatsEndpoint"/>.</summary>
internal sealed class ServerUrlKind : ScalarKind
{
    /// <inheritdoc/>
    public override string Expected => "a URL such as nats://127.0.0.1:4222";

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            // Not echoed: what stands before the @ is a secret.
            return Reading.Bad("holds a user, password or token", "move it to publishing.auth, where config show masks it");
        }

        if (NatsEndpoint.TryParse(text, out var endpoint, out var problem))
        {
            return Reading.Of(endpoint);
        }

        var parts = problem.Split("; ", 2);
        return Reading.Bad($"is {Printable.Quote(text)}: {parts[0]}", parts.Length == 2 ? parts[1] : $"use {Expected}");
    }

    /// <inheritdoc/>
    public override string Text(object value) => ((NatsEndpoint)value).ToString();

    /// <inheritdoc/>
    public override string Show(object value) => Text(value).Contains('[', StringComparison.Ordinal) ? $"\"{Text(value)}\"" : Text(value);

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json) => json.WriteString("type", "string");
}
