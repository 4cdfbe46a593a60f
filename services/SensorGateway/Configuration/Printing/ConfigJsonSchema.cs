using System.Text.Json;
using SensorGateway.Configuration.Schema;

namespace SensorGateway.Configuration.Printing;

/// <summary>Writes the JSON Schema of the configuration, for editors.</summary>
internal static class ConfigJsonSchema
{
    /// <summary>Writes draft 2020-12; keys of later versions are left out, so that an editor marks them.</summary>
    public static void Write(Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title", "sensor-gateway configuration");
        WriteSection(json, "");
        json.WriteStartArray("required");
        json.WriteStringValue("sources");
        json.WriteEndArray();
        json.WriteStartObject("$defs");
        json.WriteStartObject("reference");
        json.WriteString("description", "${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH}");
        json.WriteString("type", "string");
        json.WriteString("pattern", @"\$\{");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter json, string section)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach (var name in ConfigSchema.NamesIn(section))
        {
            var path = section.Length == 0 ? name : $"{section}.{name}";
            if (path == "sources")
            {
                WriteSources(json);
            }
            else if (ConfigSchema.ByPath.TryGetValue(path, out var key))
            {
                WriteKey(json, key);
            }
            else if (!ConfigSchema.IsUnbuiltSection(path))
            {
                json.WriteStartObject(name);
                WriteSection(json, path);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteSources(Utf8JsonWriter json)
    {
        json.WriteStartObject("sources");
        json.WriteString("type", "array");
        json.WriteNumber("minItems", 1);
        json.WriteStartObject("items");
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        foreach (var key in ConfigSchema.BySourceName.Values)
        {
            WriteKey(json, key);
        }

        json.WriteEndObject();
        json.WriteStartArray("required");
        foreach (var key in ConfigSchema.BySourceName.Values.Where(key => key.RequiredFor == SourceKinds.All))
        {
            json.WriteStringValue(key.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, ConfigKey key)
    {
        if (!key.IsBuilt)
        {
            return;
        }

        json.WriteStartObject(key.Name);
        var standard = key.Default ?? key.DefaultNote;
        var bounds = key.Kind.Bounds.Length == 0 ? "" : $" Allowed: {key.Kind.Bounds}.";
        json.WriteString("description", $"{key.Doc}{bounds}{(standard is null ? "" : $" Default: {standard.Trim('"')}.")}");
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        key.Kind.WriteSchema(json);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("$ref", "#/$defs/reference");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
