using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using SensorGateway.IntegrationTests.Cli;

namespace SensorGateway.IntegrationTests.Reloading;

/// <summary>The control socket with clients of every kind.</summary>
[SupportedOSPlatform("linux")]
public sealed class ControlSocketTests
{
    [Fact]
    public void Requests_GoodAndBad_AreAnsweredInOneLine()
    {
        using var gateway = new RunningGateway();
        (string Request, string Answer)[] cases =
        [
            ("{\"command\":\"reload\"}\n", "{\"ok\":true,"),
            ("{\"command\":\"status\"}\r\n and more", "{\"ok\":true,"),
            ("\n", "{\"ok\":false,\"error\":\"the request is no JSON object;"),
            ("{\"command\":\"stop\"}\n", "{\"ok\":false,\"error\":\"unknown command "),
            ("{\"command\":\"status\"}", "{\"ok\":false,\"error\":\"the request is longer than 4096 bytes or does not end in a line feed\""),
            ("", "{\"ok\":false,\"error\":\"the request is longer than 4096 bytes or does not end"),
            (new string(' ', 4096) + "{}\n", "{\"ok\":false,\"error\":\"the request is longer than 4096 bytes"),
        ];
        foreach (var (request, expected) in cases)
        {
            var answer = gateway.Ask(Encoding.UTF8.GetBytes(request));
            Assert.StartsWith(expected, answer, StringComparison.Ordinal);
            Assert.Equal(answer.Length - 1, answer.IndexOf('\n', StringComparison.Ordinal));
        }

        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(6000)];
            random.NextBytes(bytes);
            var answer = gateway.Ask(bytes);
            Assert.True(answer.Length == 0 || JsonDocument.Parse(answer).RootElement.GetProperty("ok").ValueKind == JsonValueKind.False, answer);
        }

        // Clients that say nothing take the places, but neither the gateway nor later clients wait for ever.
        var idle = Enumerable.Range(0, 40).Select(_ => gateway.Connect()).ToArray();
        gateway.Send("needle");
        gateway.Process.Wait(
            () => gateway.Metrics().Contains("sensorgateway_rule_matches_total{rule=\"test.needle\"} 1\n", StringComparison.Ordinal),
            "the path stood still");
        gateway.Process.Wait(
            () => gateway.Ask("""{"command":"status"}""").StartsWith("{\"ok\":true", StringComparison.Ordinal),
            "the control socket stays taken");
        Array.ForEach(idle, static socket => socket.Dispose());
    }

    [Fact]
    public void Socket_IsItsOwnersAloneAndGoesAtTheEnd()
    {
        using var gateway = new RunningGateway();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(gateway.Socket));
        Assert.Equal(0, GatewayCommand.Run(gateway.Folder.Path, "status", "-c", "gateway.yaml").ExitCode);
        Assert.Equal(0, GatewayCommand.Run(gateway.Folder.Path, "status").ExitCode); // By the gateway.yaml of the folder.

        var second = GatewayCommand.Run(gateway.Folder.Path, "run");
        Assert.Equal(4, second.ExitCode);
        Assert.EndsWith(
            $"control.socket: {gateway.Socket} belongs to a gateway that runs; stop it, or give each gateway its own path.\n",
            second.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(gateway.Socket));

        gateway.Process.Terminate();
        Assert.Equal(0, gateway.Process.WaitForExit());
        Assert.False(File.Exists(gateway.Socket));
        var late = gateway.Reload();
        Assert.Equal(1, late.ExitCode);
        Assert.StartsWith($"{gateway.Socket}: no gateway answers (", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Socket_LeftOverByAKilledGateway_IsReplaced_AnotherFileIsNot()
    {
        using var folder = new GatewayFolder($"nats://127.0.0.1:{GatewayFolder.FreePort()}");
        var path = Path.Combine(folder.Path, "control.sock");
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path)); // Closing it leaves the file there, as being killed does.
        }

        using (var gateway = GatewayCommand.Start(folder.Path, "run"))
        {
            gateway.WaitForError("Not ready: no connection to NATS");
            Assert.Equal(1, GatewayCommand.Run(folder.Path, "status", "--socket", path).ExitCode); // Answers: not ready.
            gateway.Terminate();
            Assert.Equal(0, gateway.WaitForExit());
        }

        folder.Write("control.sock", "precious");
        var refused = GatewayCommand.Run(folder.Path, "run", "--set", "control.socket=control.sock");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains(
            $"control.socket: {path} is a file that is not a socket; remove it, or use another path.", refused.Error,
            StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(path));

        // Nobody asked for the default one, so a gateway that cannot have it works without.
        using var without = GatewayCommand.Start(folder.Path, "run");
        without.WaitForError($"No control socket: control.socket: {path} is a file that is not a socket");
        without.WaitForError("Not ready: no connection to NATS");
    }
}
