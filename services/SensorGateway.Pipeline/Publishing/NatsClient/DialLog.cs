using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>Keeps why a dial failed: the library logs that, and throws an exception which no longer knows.</summary>
internal sealed class DialLog : ILoggerFactory, ILogger
{
    private Exception? _reason;

    /// <summary>The first that was logged.</summary>
    public Exception? Reason => Volatile.Read(ref _reason);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // Nothing is passed on.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId == NatsLogEvents.Connection)
        {
            Interlocked.CompareExchange(ref _reason, exception, null);
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
