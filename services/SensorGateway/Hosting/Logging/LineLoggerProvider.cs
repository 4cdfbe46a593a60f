using Microsoft.Extensions.Logging;

namespace SensorGateway.Hosting.Logging;

/// <summary>One line per event, as text for people or as JSON for a log shipper.</summary>
internal sealed class LineLoggerProvider(LogWriter writer, bool json) : ILoggerProvider
{
    /// <summary>A factory that logs to <paramref name="writer"/> from this level on.</summary>
    /// <param name="writer">Where lines go.</param>
    /// <param name="level">trace, debug, info, warn or error.</param>
    /// <param name="json">JSON instead of text.</param>
    public static ILoggerFactory CreateFactory(LogWriter writer, string level, bool json)
    {
        var provider = new LineLoggerProvider(writer, json);
        return LoggerFactory.Create(builder => builder.AddProvider(provider).SetMinimumLevel(LevelOf(level)));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(writer, categoryName, json);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static LogLevel LevelOf(string level) => level switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.Information,
    };
}
