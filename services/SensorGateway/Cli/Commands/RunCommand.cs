using System.CommandLine;
using SensorGateway.Hosting;
using SensorGateway.Hosting.Reloading;

namespace SensorGateway.Cli.Commands;

/// <summary><c>run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var command = new Command(
            "run", "Runs the gateway until SIGTERM or SIGINT, then drains within 5 s.") { config, set };
        command.SetAction((parsed, stop) =>
        {
            var console = CliConsole.Of(parsed);
            var source = new ConfigSource(
                parsed.GetValue(config) ?? CommonOptions.DefaultConfigFile, parsed.GetValue(set) ?? []);
            var loaded = RuleInput.LoadConfig(console, source);
            var rules = RuleInput.LoadGeneration(console, loaded.Config!);
            return new GatewayHost(source, loaded, rules).RunAsync(console.Error, stop);
        });
        HelpWithExamples.Add(
            command,
            "sensor-gateway run -c gateway.yaml",
            "sensor-gateway run -c gateway.yaml --set publishing.servers=nats://10.0.0.5:4222 --set log.format=json");
        return command;
    }
}
