using System.CommandLine;

namespace SensorGateway.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class CliConsole(TextWriter output, TextWriter error)
{
    /// <summary>Results.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Errors, progress, and hints.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>True when results go to a terminal whose user has not said <c>NO_COLOR</c>.</summary>
    public bool HasColors { get; } = ReferenceEquals(output, Console.Out)
        && !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>True when stderr is a terminal: a progress line may be overwritten there.</summary>
    public bool ShowsProgress { get; } = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    /// <summary>The console of a command that is being run.</summary>
    public static CliConsole Of(ParseResult parsed) =>
        new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    /// <summary>The text in a colour, or plain where there are none.</summary>
    /// <param name="ansi">Code such as <c>31</c>.</param>
    /// <param name="text">Printable text.</param>
    public string Color(string ansi, string text) => HasColors ? $"\u001b[{ansi}m{text}\u001b[0m" : text;
}
