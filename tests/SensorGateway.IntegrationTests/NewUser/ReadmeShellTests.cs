using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.NewUser;

/// <summary>The README's blocks that start processes, run by bash as they stand; only ports and folders are others.</summary>
public sealed class ReadmeShellTests
{
    private const string BuiltFolder = "cd services/SensorGateway/bin/Release/net10.0\n";

    [Fact]
    public void SendPayloadsReadAlerts_AsShown_PrintsTheAlert()
    {
        using var installed = new Installation();
        var block = Assert.Single(
            Documentation.Blocks("README.md"), block => block.Text.Contains("/dev/tcp/", StringComparison.Ordinal)).Text;
        Assert.StartsWith(BuiltFolder, block, StringComparison.Ordinal);

        using var bash = Start(
            installed,
            installed.WithFreePorts(block[BuiltFolder.Length..])
                + "until [ -e seen ]; do sleep 0.05; done\nkill $(jobs -p)\nwait\n");
        bash.Wait(
            () => bash.Out.Contains("web.xss.script-tag", StringComparison.Ordinal), "tail never showed the alert");
        installed.Write("seen", "");

        Assert.Equal(0, bash.WaitForExit());
        Assert.Matches(@"\n[0-9:.]+ high     127\.0\.0\.1       web\.xss\.script-tag.*  <script>alert\(""hello""\)</script>\n", bash.Out);
        Assert.DoesNotContain("FAIL", bash.Out, StringComparison.Ordinal);
        Assert.Matches(@"\nok   nats://127\.0\.0\.1:[0-9]+: nats-server ", bash.Out);
        Assert.Contains("Stopped: received 1 payloads = 0 clean + 1 alerted + 0 rejected + 0 dropped; alerts 1 confirmed", bash.Error, StringComparison.Ordinal);
    }

    /// <summary>A shell in the installation's folder that finds the programs by their names.</summary>
    private static GatewayCommand Start(Installation installed, string script)
    {
        var programs = Directory.CreateDirectory(installed.PathOf("programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "nats-server"), NatsServerProgram.Find());
        File.CreateSymbolicLink(Path.Combine(programs, "sensor-gateway"), installed.PathOf("sensor-gateway"));
        return GatewayCommand.StartProgram(
            "bash", installed.Folder, ["-c", script], Installation.DotnetRoot,
            ("PATH", $"{programs}:{Environment.GetEnvironmentVariable("PATH")}"));
    }
}
