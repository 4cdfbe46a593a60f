using Microsoft.Extensions.Logging;

namespace SensorGateway.TestKit.Gateway;

/// <summary>Keeps log lines, and can play a log that fails.</summary>
public sealed class LineLog : ILoggerFactory, ILogger
{
    private readonly List<string> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Throws when it is to write one of these, as a log on a full disk may.</summary>
    public Predicate<EventId> Fails { get; set; } = static _ => false;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add(formatter(state, exception));
        }

        if (Fails(eventId))
        {
            throw new IOException("No space left on device");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
