using SensorGateway.Cli;
using SensorGateway.Cli.Demo;
using SensorGateway.Rules;

namespace SensorGateway.Tests.Cli;

public sealed class OfflineDemoTests
{
    [Fact]
    public void Run_WithBundledRules_ShowsAlertsAndTheirSum()
    {
        var rules = RuleLoader.Load(["rules/"], [], AppContext.BaseDirectory).Rules!;
        using var output = new StringWriter();

        OfflineDemo.Run(new CliConsole(output, TextWriter.Null), rules);

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal($"{lines.Length - 1} of 2000 payloads matched.", lines[^1]);
        Assert.InRange(lines.Length - 1, 20, 80);
        Assert.All(lines[..^1], line => Assert.Matches(@"\A#\d+ (info|low|medium|high|critical) +[a-z0-9.-]+", line));
        Assert.DoesNotContain(output.ToString().Replace("\n", "", StringComparison.Ordinal), char.IsControl);
    }
}
