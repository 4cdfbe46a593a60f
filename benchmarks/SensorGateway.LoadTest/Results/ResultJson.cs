using System.Text.Json.Serialization;

namespace SensorGateway.LoadTest.Results;

/// <summary>Machine form of the result.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadTestResult))]
internal sealed partial class ResultJson : JsonSerializerContext;
