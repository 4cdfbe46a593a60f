using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SensorGateway.Hosting.Logging;

/// <summary>Formats the events of one category.</summary>
internal sealed class LineLogger(LogWriter writer, LogLevelSwitch level, string category, bool json) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => level.Passes(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var time = DateTimeOffset.UtcNow;
        var message = formatter(state, exception);
        writer.Write(json
            ? Json(
                time, logLevel, category, eventId, message, state as IEnumerable<KeyValuePair<string, object?>>,
                exception)
            : Text(time, logLevel, category, message, exception));
    }

    /// <summary>
    /// A line for people; control characters are escaped, because a peer may have chosen parts of it.
    /// </summary>
    internal static string Text(
        DateTimeOffset time, LogLevel level, string category, string message, Exception? exception)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level),-5} ");
        line.Append(category.AsSpan(category.LastIndexOf('.') + 1)).Append(": ");
        Escape(line, message);
        if (exception is not null)
        {
            line.Append(" [");
            Escape(line, exception.ToString());
            line.Append(']');
        }

        return line.ToString();
    }

    /// <summary>A line for machines: fixed fields, then the event's own.</summary>
    internal static string Json(
        DateTimeOffset time,
        LogLevel level,
        string category,
        EventId id,
        string message,
        IEnumerable<KeyValuePair<string, object?>>? fields,
        Exception? exception)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level", Name(level));
            writer.WriteString("category", category);
            writer.WriteNumber("event", id.Id);
            writer.WriteString("message", message);
            if (exception is not null)
            {
                writer.WriteString("exception", exception.ToString());
            }

            writer.WriteStartObject("fields");
            foreach (var (name, value) in fields ?? [])
            {
                if (name != "{OriginalFormat}")
                {
                    writer.WriteString(
                        JsonNamingPolicy.SnakeCaseLower.ConvertName(name),
                        Convert.ToString(value, CultureInfo.InvariantCulture));
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    private static void Escape(StringBuilder line, string text)
    {
        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            }
            else
            {
                line.Append(character);
            }
        }
    }
}
