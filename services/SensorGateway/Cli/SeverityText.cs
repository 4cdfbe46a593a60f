using SensorGateway.Rules.Model;

namespace SensorGateway.Cli;

/// <summary>Severities as people see them.</summary>
internal static class SeverityText
{
    /// <summary>The name, coloured on a terminal, padded to one width.</summary>
    public static string Of(CliConsole console, Severity severity) => severity switch
    {
        Severity.Critical => console.Color("1;31", "critical"),
        Severity.High => console.Color("31", "high    "),
        Severity.Medium => console.Color("33", "medium  "),
        Severity.Low => console.Color("36", "low     "),
        _ => console.Color("2", "info    "),
    };
}
