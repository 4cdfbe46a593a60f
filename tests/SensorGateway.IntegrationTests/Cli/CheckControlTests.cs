using System.Net.Sockets;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>What <c>check</c> says of the control socket.</summary>
public sealed class CheckControlTests : IDisposable
{
    private readonly NatsServerProcess _nats = NatsServerProcess.Start();
    private readonly GatewayFolder _folder;

    public CheckControlTests() => _folder = new GatewayFolder(_nats.Url);

    private string Default => Path.Combine(_folder.Path, "control.sock");

    public void Dispose()
    {
        _folder.Dispose();
        _nats.Dispose();
    }

    [Fact]
    public void Check_WithAnotherGatewayThere_SaysWhoseItIs()
    {
        using var gateway = GatewayCommand.Start(_folder.Path, "run");
        gateway.WaitForError("Ready: ");

        var (exitCode, output, error) = Check();

        Assert.Equal(4, exitCode);
        Assert.Contains("FAIL control.socket: see above\n", output, StringComparison.Ordinal);
        Assert.Contains(
            $"control.socket: {Default} belongs to a gateway that runs; stop it, or give each gateway its own path. It calls itself 'test'.\n",
            error, StringComparison.Ordinal);

        gateway.Kill();
        Assert.Contains($"ok   control.socket: {Default} is left over and will be replaced\n", Check().Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Default));
    }

    [Fact]
    public void Check_WithSomebodyThereWhoSaysNothing_DoesNotWaitForEver()
    {
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(Default));
        silent.Listen(4);

        var (exitCode, _, error) = Check();

        Assert.Equal(4, exitCode);
        Assert.EndsWith("give each gateway its own path. It does not answer as a gateway of this version does.\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing/control.sock", "FOLDER/missing/control.sock is in a folder that does not exist; create it, or use another path.")]
    [InlineData("rules.yaml", "FOLDER/rules.yaml is a file that is not a socket; remove it, or use another path.")]
    public void Check_OfAPathThatCannotBe_SaysWhyAndWhatToDo(string path, string problem)
    {
        var (exitCode, _, error) = Check("--set", $"control.socket={path}");

        Assert.Equal(
            (4, $"control.socket: {problem.Replace("FOLDER", _folder.Path, StringComparison.Ordinal)}\n"), (exitCode, error));
    }

    [Fact]
    public void Check_OfAFreePath_LeavesNothingBehind()
    {
        var before = Directory.GetFileSystemEntries(_folder.Path);

        var (exitCode, output, error) = Check();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"ok   control.socket: {Default} is free\n", output, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
    }

    private (int ExitCode, string Out, string Error) Check(params string[] more) =>
        GatewayCommand.Run(_folder.Path, ["check", "--cost-budget", "0", .. more]);
}
