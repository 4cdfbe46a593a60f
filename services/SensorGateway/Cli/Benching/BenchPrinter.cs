using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SensorGateway.Cli.Benching;

/// <summary>Prints a result as one JSON object, or the same fields as a table.</summary>
internal static class BenchPrinter
{
    public static void Print<T>(CliConsole console, T result, JsonTypeInfo<T> form, bool json)
    {
        var text = JsonSerializer.Serialize(result, form);
        if (json)
        {
            console.Out.WriteLine(text);
            return;
        }

        using var parsed = JsonDocument.Parse(text);
        foreach (var field in parsed.RootElement.EnumerateObject())
        {
            var value = field.Value.ValueKind == JsonValueKind.Null ? "-" : field.Value.ToString();
            console.Out.WriteLine($"{field.Name,-28} {value}");
        }

        if (typeof(T) != typeof(HostResult))
        {
            console.Out.WriteLine($"{"conditions",-28} {HostFacts.Conditions()}");
        }
    }
}
