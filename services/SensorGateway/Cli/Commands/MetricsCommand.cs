using System.CommandLine;
using SensorGateway.Hosting.Metrics;

namespace SensorGateway.Cli.Commands;

/// <summary><c>metrics reference</c>.</summary>
internal static class MetricsCommand
{
    public static Command Create()
    {
        var reference = new Command(
            "reference", "Prints every metric with its labels, its meaning and what to do about it, as Markdown.");
        reference.SetAction(parsed => MetricReference.Write(CliConsole.Of(parsed).Out));
        HelpWithExamples.Add(reference, "sensor-gateway metrics reference > METRICS.md");
        var command = new Command("metrics", "Describes the metrics that a running gateway serves.") { reference };
        HelpWithExamples.Add(command, "sensor-gateway metrics reference");
        return command;
    }
}
