using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.NewUser;

/// <summary>Files and folders that are closed to the gateway's user; root's tests run the program as nobody for it.</summary>
[SupportedOSPlatform("linux")]
public sealed class PermissionTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Public = OwnersAlone
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const string Grant = "this file cannot be read; give the gateway's user the right to read it.\n";
    private const string NoConfig = "gateway.yaml: the file cannot be read (permission denied, or it is a folder); name another "
        + "with -c; a commented sample, gateway.yaml, lies beside the program.\n";

    private readonly Installation _installed = new();
    private readonly ITestOutputHelper _output;

    public PermissionTests(ITestOutputHelper output)
    {
        _output = output;
        File.SetUnixFileMode(_installed.Folder, Public);
        _installed.Write("work/rules.yaml", "rules:\n  - { id: a, match: { literal: x } }\n");
        _installed.Write("work/packs/more.yaml", "rules:\n  - { id: b, match: { literal: y } }\n");
        _installed.Write("work/bad.txt", new string('a', 64) + "\n");
        _installed.Write("work/secret", "never to be seen");
        _installed.Write(
            "work/gateway.yaml",
            $$"""
            sources: [ { id: field, type: tcp, listen: 127.0.0.1:{{NatsServerProcess.FreePort()}} } ]
            rules: { paths: [rules.yaml, packs/], hashes: [bad.txt] }
            publishing: { auth: { token: '${file:secret}' } }
            telemetry: { listen: 127.0.0.1:0 }

            """);
    }

    public void Dispose()
    {
        File.SetUnixFileMode(Work, OwnersAlone); // Or an ordinary user could not remove it.
        if (Directory.Exists(Path.Combine(Work, "packs")))
        {
            File.SetUnixFileMode(Path.Combine(Work, "packs"), OwnersAlone);
        }

        _installed.Dispose();
    }

    [Theory]
    [InlineData("rules.yaml", 2, "rules.yaml: " + Grant, "check", "--no-environment")]
    [InlineData("rules.yaml", 2, "rules.yaml: " + Grant + "1 problem in the rules.\n", "run")]
    [InlineData("bad.txt", 2, "bad.txt: " + Grant, "check", "--no-environment")]
    [InlineData("packs", 2, "packs/: this path cannot be searched; the system says: Access to the path 'FOLDER/packs' is denied.\n", "check", "--no-environment")]
    [InlineData("gateway.yaml", 3, NoConfig, "check", "--no-environment")]
    [InlineData("gateway.yaml", 3, NoConfig + "1 problem in the configuration.\n", "run")]
    [InlineData("secret", 3, "gateway.yaml:3:30: publishing.auth.token names the file 'secret', which cannot be read (permission denied, or it is a folder); mend the path or the file's permissions.\n", "check", "--no-environment")]
    [InlineData("rules.yaml", 66, "rules.yaml: cannot be read (permission denied, or it is a folder); name a file of payloads.\n", "explain", "--hashes", "bad.txt", "rules.yaml")]
    [InlineData(null, 66, "--junit results.xml: cannot be written (permission denied, or it is a folder).\n", "test", "rules.yaml", "--junit", "results.xml")]
    [InlineData(null, 4, "control.socket: FOLDER/control.sock cannot be made (Permission denied); use a folder the gateway may write to.\n", "run", "--set", "control.socket=control.sock", "--set", "log.level=error")]
    public void Program_WithSomethingClosedToItsUser_SaysWhatAndWhatToDo(string? closed, int exitCode, string error, params string[] args)
    {
        Close(closed);
        if (RunAsAnother(args) is { } run)
        {
            Assert.Equal((exitCode, error.Replace("FOLDER", Work, StringComparison.Ordinal)), (run.ExitCode, run.Error));
            Assert.DoesNotContain("never to be seen", run.Out + run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("FAIL control.socket: see above\n", "--set", "control.socket=control.sock")]
    [InlineData("ok   control.socket: FOLDER/control.sock cannot be made (Permission denied); use a folder the gateway may write to. Without it the gateway runs all the same, and reloads by SIGHUP or rules.watch.\n")]
    public void Check_WithAClosedFolder_JudgesTheControlSocketAsAStartDoes(string verdict, params string[] args)
    {
        Close(null);
        if (RunAsAnother(["check", "--cost-budget", "0", .. args]) is { } run)
        {
            Assert.Contains(verdict.Replace("FOLDER", Work, StringComparison.Ordinal), run.Out, StringComparison.Ordinal);
        }
    }

    private string Work => _installed.PathOf("work");

    /// <summary>Closes a file or folder, and the working folder for writing.</summary>
    private void Close(string? name)
    {
        var runsAsNobody = OtherUser.Command is { Length: > 0 };
        if (name is not null)
        {
            File.SetUnixFileMode(Path.Combine(Work, name), runsAsNobody ? OwnersAlone : UnixFileMode.None);
        }

        File.SetUnixFileMode(Work, runsAsNobody ? Public : UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private (int ExitCode, string Out, string Error)? RunAsAnother(string[] args)
    {
        if (OtherUser.Command is not { } other)
        {
            _output.WriteLine("skipped: these tests run as root, and there is no setpriv (Debian: util-linux) to run the program as nobody");
            return null;
        }

        string[] command = [.. other, _installed.PathOf("sensor-gateway"), .. args];
        using var run = GatewayCommand.StartProgram(command[0], Work, command[1..], Installation.DotnetRoot);
        return (run.WaitForExit(), run.Out, run.Error);
    }
}
