using System.CommandLine;
using SensorGateway.Cli.Flamegraphs;

namespace SensorGateway.Cli.Commands;

/// <summary><c>flamegraph</c>.</summary>
internal static class FlamegraphCommand
{
    private const int SecondsMax = 600;

    public static Command Create()
    {
        var file = new Argument<string?>("FILE.nettrace")
        {
            Description = "A trace, from /debug/profile, --keep-trace or dotnet-trace.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var process = new Option<int?>("--pid") { Description = "Record this running .NET process.", HelpName = "N" };
        var seconds = new Option<int>("--seconds")
        {
            Description = $"How long to record, 1 to {SecondsMax}.",
            HelpName = "S",
            DefaultValueFactory = static _ => 10,
        };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > SecondsMax)
            {
                result.AddError($"--seconds must be 1 to {SecondsMax}");
            }
        });
        var perf = new Option<bool>("--perf") { Description = "CPU time by perf instead of thread time by EventPipe." };
        var other = new Option<string?>("--diff")
        {
            Description = "Colour frames by how their share has changed since this trace.",
            HelpName = "OTHER.nettrace",
        };
        var keep = new Option<string?>("--keep-trace")
        {
            Description = "Keep the recording: a .nettrace, with --perf a perf.data.",
            HelpName = "F",
        };
        var output = new Option<string>("--output", "-o") { Description = "The picture.", HelpName = "X.svg", Required = true };
        var command = new Command(
            "flamegraph", "Where the time goes: an interactive SVG of a running process or of a trace.")
        {
            file, process, seconds, perf, other, keep, output,
        };
        command.SetAction((parsed, cancel) => new FlamegraphRun(CliConsole.Of(parsed)).RunAsync(
            new FlamegraphRequest(
                parsed.GetValue(file),
                parsed.GetValue(process),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(perf),
                parsed.GetValue(other),
                parsed.GetValue(keep),
                parsed.GetValue(output)!),
            cancel));
        HelpWithExamples.Add(
            command,
            "sensor-gateway flamegraph --pid $(pidof sensor-gateway) --seconds 10 -o now.svg",
            "sensor-gateway flamegraph today.nettrace --diff yesterday.nettrace -o change.svg",
            "sensor-gateway flamegraph --pid 4711 --perf -o cpu.svg");
        return command;
    }
}
