using Microsoft.Extensions.Logging;

namespace SensorGateway.Hosting.Logging;

/// <summary>The least grave lines to print; may be turned while the gateway runs.</summary>
/// <param name="level">trace, debug, info, warn or error.</param>
internal sealed class LogLevelSwitch(string level)
{
    private volatile int _least = (int)Parse(level);

    /// <summary>trace, debug, info, warn or error.</summary>
    public string Level
    {
        set => _least = (int)Parse(value);
    }

    /// <summary>Whether lines of this level are printed.</summary>
    public bool Passes(LogLevel line) => line != LogLevel.None && (int)line >= _least;

    private static LogLevel Parse(string level) => level switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };
}
