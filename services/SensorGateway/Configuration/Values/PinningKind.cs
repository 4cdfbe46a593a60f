using System.Collections.Immutable;
using System.Text.Json;
using SensorGateway.Configuration.Model;
using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Configuration.Values;

/// <summary><c>auto</c>, <c>off</c>, or a list of CPU numbers. Values are <see cref="CpuChoice"/>.</summary>
internal sealed class PinningKind : ValueKind
{
    private readonly ListKind _cpus = new(new IntegerKind(0, 1023), 1, 1024);

    /// <inheritdoc/>
    public override string Expected => "auto, off, or a list of CPUs such as [0, 1]";

    /// <inheritdoc/>
    public override string Bounds => "auto, off, or CPU numbers";

    /// <inheritdoc/>
    public override object? Read(RawValue raw, string key, List<ConfigProblem> problems)
    {
        if (raw.IsList)
        {
            return _cpus.Read(raw, key, problems) is ImmutableArray<object> cpus
                ? new CpuChoice(Pinning.Listed, [.. cpus.Cast<int>()])
                : null;
        }

        switch (raw.Items[0].Text)
        {
            case "auto":
                return new CpuChoice(Pinning.Auto, []);
            case "off":
                return new CpuChoice(Pinning.Off, []);
            default:
                problems.Add(raw.Place.Problem(key, $"is {Printable.Quote(raw.Items[0].Text)}", $"use {Expected}"));
                return null;
        }
    }

    /// <inheritdoc/>
    public override string Show(object value) => value is CpuChoice { Mode: Pinning.Listed } listed
        ? $"[{string.Join(", ", listed.Cpus)}]"
        : value is CpuChoice { Mode: Pinning.Off } ? "off" : "auto";

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        new ChoiceKind(["auto", "off"]).WriteSchema(json);
        json.WriteEndObject();
        json.WriteStartObject();
        _cpus.WriteSchema(json);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
