using System.Text.Json;

namespace SensorGateway.Hosting.Metrics;

/// <summary>Names of enum members as labels and JSON write them.</summary>
internal static class SnakeCase
{
    /// <summary><c>TooLarge</c> becomes <c>too_large</c>.</summary>
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
