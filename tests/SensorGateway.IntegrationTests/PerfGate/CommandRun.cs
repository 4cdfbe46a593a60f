using System.Diagnostics;
using SensorGateway.TestKit;

namespace SensorGateway.IntegrationTests.PerfGate;

/// <summary>A command run to its end, with all that it said.</summary>
internal sealed record CommandRun(int ExitCode, string Output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Where the repository's files lie.</summary>
    public static string Root { get; } = RepositoryFolder.Root;

    /// <summary>Output folder of the benchmarks, built as these tests are.</summary>
    public static string Harness { get; } = OutputOf("SensorGateway.Benchmarks");

    /// <summary>The gate, beside these tests.</summary>
    public static string Gate { get; } = Path.Combine(AppContext.BaseDirectory, "SensorGateway.PerfGate.dll");

    /// <summary>Output folder of a project in benchmarks.</summary>
    public static string OutputOf(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Root, "benchmarks", project, "bin", configuration, "net10.0");
    }

    /// <summary>Runs the gate.</summary>
    public static CommandRun OfGate(params string[] args) => Of("dotnet", [Gate, .. args]);

    /// <summary>Runs any program; input is given to it, then closed.</summary>
    public static CommandRun Of(
        string program, string[] args, string? folder = null, string input = "", params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder ?? Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The tiny runs of these tests end before a busy machine has optimised their loops: one side would be ahead by that.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', args)} did not end within {Limit.TotalMinutes} minutes");
        }

        return new CommandRun(process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }
}
