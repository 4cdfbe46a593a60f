using Microsoft.Extensions.Logging;

namespace SensorGateway.Hosting.Logging;

/// <summary>One line per event, as text for people or as JSON for a log shipper.</summary>
internal sealed class LineLoggerProvider(LogWriter writer, LogLevelSwitch level, bool json) : ILoggerProvider
{
    /// <summary>A factory that logs to <paramref name="writer"/> from this level on.</summary>
    /// <param name="writer">Where lines go.</param>
    /// <param name="level">trace, debug, info, warn or error.</param>
    /// <param name="json">JSON instead of text.</param>
    public static ILoggerFactory CreateFactory(LogWriter writer, string level, bool json) =>
        CreateFactory(writer, new LogLevelSwitch(level), json);

    /// <summary>The same with a level that may be turned later.</summary>
    public static ILoggerFactory CreateFactory(LogWriter writer, LogLevelSwitch level, bool json)
    {
        var provider = new LineLoggerProvider(writer, level, json);
        return LoggerFactory.Create(builder => builder.AddProvider(provider).SetMinimumLevel(LogLevel.Trace));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(writer, level, categoryName, json);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
