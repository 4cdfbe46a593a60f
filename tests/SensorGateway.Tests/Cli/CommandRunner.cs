using SensorGateway.Cli;

namespace SensorGateway.Tests.Cli;

/// <summary>What a command line printed, and its exit code.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error);

/// <summary>Runs command lines in this process; only verbs that open no sockets.</summary>
internal static class CommandRunner
{
    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await CliProgram.RunAsync(args, output, error);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A folder with files, gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-");

    public string Path => _folder.FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
