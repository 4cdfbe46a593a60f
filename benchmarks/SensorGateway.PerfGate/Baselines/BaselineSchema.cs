using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace SensorGateway.PerfGate.Baselines;

/// <summary>The JSON Schema of baseline files, made from the types that read them.</summary>
internal static class BaselineSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>As it lies in <c>perf-baselines/schema.json</c>.</summary>
    public static string Text()
    {
        var exported = BaselineJson.Default.BaselineFile.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        });
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "One night of the performance gate on one machine, schema 2",
        };
        foreach (var (name, value) in exported.AsObject())
        {
            schema[name] = value?.DeepClone();
        }

        return schema.ToJsonString(Readable);
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        var given = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false);
        if (given is [DescriptionAttribute description, ..] && node is JsonObject schema)
        {
            schema.Insert(0, "description", description.Description);
        }

        return node;
    }
}
