using System.Diagnostics;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary>A real, small file system that fills up; needs the right to mount one.</summary>
[SupportedOSPlatform("linux")]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [Fact]
    public void FullDisk_KeepsDetecting_AlarmsOnce_AndStoresAgainWhenThereIsRoom()
    {
        var mount = Directory.CreateTempSubdirectory("sensor-gateway-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount) is { } refusal)
        {
            output.WriteLine($"NOT RUN: this machine lets nobody mount a small disk here ({refusal.Trim()})");
            Directory.Delete(mount);
            return;
        }

        try
        {
            Fill(mount);
        }
        finally
        {
            Run("umount", "-l", mount);
            Directory.Delete(mount);
        }
    }

    private void Fill(string mount)
    {
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        var ballast = Path.Combine(mount, "ballast");
        File.WriteAllBytes(ballast, new byte[1_600_000]);
        var options = folder.Options(proxy);
        options = options with { Spool = options.Spool! with { Folder = Path.Combine(mount, "spool") } };
        using var gateway = new GatewayHarness(options);
        using var sensor = gateway.Sender();
        sensor.Send(2000);
        var failing = gateway.Until(static now => now is { Alerted: 2000, Spool.State: "failing" }, "a full disk");
        Assert.False(failing.SpoolTakesAlerts);
        Assert.True(failing.AlertsDroppedTotal == 0, gateway.Describe(failing)); // Memory takes over.
        gateway.Until(static now => now.Spool!.WriteErrors >= 3, "further attempts");

        File.Delete(ballast);
        gateway.Until(static now => now.Spool!.State == "ok", "the disk taken back");
        sensor.Send(200);
        gateway.Until(static now => now is { Alerted: 2200, AlertsWaiting: 0, AlertsAddUp: true }, "more stored");
        Assert.Single(gateway.Log.Lines, static line => line.Contains("cannot be used", StringComparison.Ordinal));
        Assert.Single(gateway.Log.Lines, static line => line.Contains("can be used again", StringComparison.Ordinal));

        using var alerts = new AlertCollector(server.Endpoint);
        proxy.Refuses = false;
        var now = gateway.UntilSettled(2200);
        Assert.True(alerts.WaitFor(2200), alerts.Figures(2200));
        output.WriteLine($"{alerts.Figures(2200)}; write errors {now.Spool!.WriteErrors}");
        Assert.Equal((0, 0), (alerts.Reordered, now.AlertsDroppedTotal));
    }

    private static string? Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error + " ";
    }
}
