using System.Text.Json.Serialization;
using SensorGateway.Hosting.Reloading;
using SensorGateway.Hosting.Status;

namespace SensorGateway.Hosting.Control;

/// <summary>The one line that answers a request. Fields are added, never renamed.</summary>
/// <param name="Ok">False when the request was not understood or could not be taken.</param>
/// <param name="Error">Why not.</param>
/// <param name="Status">Answers <c>status</c>.</param>
/// <param name="Reload">Answers <c>reload</c> with <c>wait</c>; without it only <paramref name="Ok"/> is set.</param>
internal sealed record ControlAnswer(
    bool Ok, string? Error = null, StatusReport? Status = null, ReloadOutcome? Reload = null);

/// <summary>Compiled metadata of the answer: one line, so not indented.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ControlAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
