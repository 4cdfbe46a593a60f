using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.NewUser;

/// <summary>The program as a user installs it: its built output in a folder of its own, with sample and rules.</summary>
/// <remarks>Free ports stand in the sample in place of the fixed ones, so that tests do not meet each other there.</remarks>
internal sealed partial class Installation : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-installed-");
    private readonly Dictionary<string, string> _ports = [];

    public Installation()
    {
        Copy(Built, _folder);
        Write("gateway.yaml", WithFreePorts(File.ReadAllText(PathOf("gateway.yaml"))));
    }

    /// <summary>Where the program was built, with the configuration that these tests were built with.</summary>
    public static DirectoryInfo Built { get; } = new(Path.Combine(
        RepositoryFolder.Root, "services", "SensorGateway", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0"));

    /// <summary>The installed program finds the runtime that runs these tests, wherever that is installed.</summary>
    public static (string Name, string Value) DotnetRoot { get; } =
        ("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));

    /// <summary>The folder.</summary>
    public string Folder => _folder.FullName;

    /// <summary>A file in it.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The free port that stands in for a fixed one.</summary>
    public int PortFor(int port) => int.Parse(
        WithFreePorts(port.ToString(System.Globalization.CultureInfo.InvariantCulture)), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A text with the same free port wherever it names the same fixed one.</summary>
    public string WithFreePorts(string text) => FixedPort().Replace(text, port =>
    {
        if (!_ports.TryGetValue(port.Value, out var free))
        {
            free = NatsServerProcess.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
            _ports.Add(port.Value, free);
        }

        return free;
    });

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Starts the installed program in its folder.</summary>
    public GatewayCommand Start(params string[] args) =>
        GatewayCommand.StartProgram(PathOf("sensor-gateway"), Folder, args, DotnetRoot);

    /// <summary>Runs it to its end.</summary>
    public (int ExitCode, string Out, string Error) Run(params string[] args)
    {
        using var command = Start(args);
        return (command.WaitForExit(), command.Out, command.Error);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var folder in from.EnumerateDirectories())
        {
            Copy(folder, to.CreateSubdirectory(folder.Name));
        }

        // A gateway that was started where it was built may have left its sockets there.
        foreach (var file in from.EnumerateFiles().Where(static file => file.Extension != ".sock"))
        {
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        }
    }

    [GeneratedRegex(@"\b(4222|7400|7401|9464)\b")]
    private static partial Regex FixedPort();
}
