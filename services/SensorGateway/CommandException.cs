namespace SensorGateway;

/// <summary>Ends a command with a message on stderr and an exit code; the message says what to do.</summary>
internal class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
