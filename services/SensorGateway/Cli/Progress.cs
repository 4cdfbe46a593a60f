using System.Diagnostics;

namespace SensorGateway.Cli;

/// <summary>Tells a waiting person how far a command is, from two seconds on.</summary>
internal sealed class Progress(CliConsole console, string what)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMilliseconds(500);

    private readonly long _from = Stopwatch.GetTimestamp();
    private long _last;
    private bool _hasLine;

    /// <summary>Says how far; at most twice a second.</summary>
    /// <param name="share">0 to 1.</param>
    public void Report(double share)
    {
        if (Stopwatch.GetElapsedTime(_from) < Patience || (_last != 0 && Stopwatch.GetElapsedTime(_last) < BetweenLines))
        {
            return;
        }

        if (!console.ShowsProgress && _hasLine)
        {
            return; // In a log file one line is enough.
        }

        _last = Stopwatch.GetTimestamp();
        _hasLine = true;
        console.Error.Write(console.ShowsProgress ? $"\r{what}: {share:P0} " : $"{what}: {share:P0}\n");
    }

    /// <summary>Clears the line.</summary>
    public void Done()
    {
        if (_hasLine && console.ShowsProgress)
        {
            console.Error.Write($"\r{new string(' ', what.Length + 8)}\r");
        }
    }
}
