namespace SensorGateway.Tests.Traffic;

/// <summary>The bundled rules, as they are copied beside the program and so beside the tests.</summary>
internal static class RulePack
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "rules");
}
