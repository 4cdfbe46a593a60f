using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SensorGateway.LoadTest.Results;

/// <summary>Machine form of the result.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadTestResult))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    /// <summary>One line.</summary>
    public static string Write(LoadTestResult result)
    {
        // The text goes to a terminal or a file, never into HTML: the plus signs of the identities stay readable.
        var options = new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return JsonSerializer.Serialize(result, new ResultJson(options).LoadTestResult);
    }
}
