namespace SensorGateway.Traffic.Templates;

/// <summary>Lets a long JSON template stand on several source lines.</summary>
internal static class Json
{
    /// <summary>The same without line breaks.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(string.Empty);
}
