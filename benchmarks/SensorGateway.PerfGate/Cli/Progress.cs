using System.Globalization;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Cli;

/// <summary>Lines on stderr while the gate works: what is measured now, and each result as it comes.</summary>
internal sealed class Progress
{
    private readonly bool _isTerminal = !Console.IsErrorRedirected;

    /// <summary>A launch begins. Only a terminal is told: a log needs no such detail.</summary>
    public void Launch(string scenario, int launch, bool isRepeat)
    {
        if (_isTerminal)
        {
            Console.Error.Write(string.Create(
                CultureInfo.InvariantCulture, $"\r{scenario}: launch {launch}{(isRepeat ? ", repeated to be sure" : ""),-40}"));
        }
    }

    /// <summary>A comparison has ended.</summary>
    public void Done(DuetResult duet)
    {
        var clear = _isTerminal ? "\r" : "";
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clear}{duet.Scenario}: {duet.New.Name} / {duet.Old.Name} p50 {duet.P50Ratio:F3} p95 {duet.P95Ratio:F3} ({duet.Took.TotalSeconds:F0}s){(duet.IsRegression ? "  WORSE" : "")}          "));
    }
}
