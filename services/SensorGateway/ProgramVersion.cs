using System.Reflection;

namespace SensorGateway;

/// <summary>Version of this build.</summary>
internal static class ProgramVersion
{
    /// <summary>Without the commit.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
