using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.NewUser;

/// <summary>The README's blocks that start processes, run by bash as they stand; only ports and folders are others.</summary>
public sealed class ReadmeShellTests(ITestOutputHelper output)
{
    private const string BuiltFolder = "cd services/SensorGateway/bin/Release/net10.0\n";
    private const string ByPerf = "sensor-gateway flamegraph --pid 4711 --perf -o cpu.svg";

    /// <summary>How each block of shell begins, and what holds it to the program.</summary>
    private static readonly (string Beginning, string HeldBy)[] Shown =
    [
        ("bash services/demo.sh", "the workflow ci.yml runs both; ScriptTests read them"),
        ("dotnet build SensorGateway.sln", "ReadmeTests parse each line with the load test's own parser"),
        (BuiltFolder, nameof(SendPayloadsReadAlerts_AsShown_PrintsTheAlert)),
        ("printf 'GET /?q=<script>' | sensor-gateway explain", nameof(Explain_AsShown_FindsTheRule)),
        ("sensor-gateway check rules.yaml", nameof(ReadmeCommandTests)),
        ("sensor-gateway flamegraph --pid", nameof(Flamegraph_AsShown_DrawsEveryPicture)),
    ];

    [Fact]
    public void ShellBlocks_AreAllHeldByATest()
    {
        var blocks = Documentation.Blocks("README.md").Where(block => block.Language == "bash").ToList();

        Assert.All(blocks, block => Assert.Single(
            Shown, shown => block.Text.StartsWith(shown.Beginning, StringComparison.Ordinal)));
        Assert.Equal(Shown.Length, blocks.Count);
    }

    [Fact]
    public void SendPayloadsReadAlerts_AsShown_PrintsTheAlert()
    {
        using var installed = new Installation();
        var block = Block(BuiltFolder);

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

    [Fact]
    public void Explain_AsShown_FindsTheRule()
    {
        using var installed = new Installation();

        using var bash = Start(installed, "set -euo pipefail\n" + Block("printf 'GET /?q=<script>' | sensor-gateway explain"));

        Assert.Equal((0, ""), (bash.WaitForExit(), bash.Error));
        Assert.StartsWith("payload    16 bytes: GET /?q=<script>\n", bash.Out, StringComparison.Ordinal);
        Assert.Contains("web.xss.script-tag (high), decided by ", bash.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Flamegraph_AsShown_DrawsEveryPicture()
    {
        using var installed = new Installation();
        using var gateway = installed.Start("run", "-c", "gateway.yaml");
        gateway.WaitForError("Watch the gateway");
        var block = Block("sensor-gateway flamegraph --pid")
            .Replace("--seconds 10", "--seconds 1", StringComparison.Ordinal)
            // On an overloaded machine perf itself ends now and then with 255 and no word: it may try again.
            .Replace(ByPerf, $"for try in 1 2 3; do {ByPerf} --seconds 1 && break; done #", StringComparison.Ordinal)
            .Replace("4711", $"{gateway.Id}", StringComparison.Ordinal)
            .Replace("seconds=30", "seconds=1", StringComparison.Ordinal)
            .Replace("sensor-gateway flamegraph today", "cp today.nettrace yesterday.nettrace\nsensor-gateway flamegraph today", StringComparison.Ordinal);
        List<string> pictures = ["now.svg", "cpu.svg", "change.svg"];
        if (!CanUsePerf())
        {
            output.WriteLine("Without the line that needs perf: perf is not installed here, or not allowed to sample.");
            block = string.Join('\n', block.Split('\n').Where(line => !line.Contains("--perf", StringComparison.Ordinal)));
            pictures.Remove("cpu.svg");
        }

        using var bash = Start(installed, "set -euo pipefail\n" + installed.WithFreePorts(block));

        Assert.True(bash.WaitForExit() == 0, bash.Error + bash.Out);
        Assert.All(pictures, picture => Assert.Contains("</svg>", File.ReadAllText(installed.PathOf(picture)), StringComparison.Ordinal));
    }

    private static string Block(string beginning) => Assert.Single(
        Documentation.Blocks("README.md"),
        block => block.Language == "bash" && block.Text.StartsWith(beginning, StringComparison.Ordinal)).Text;

    private static bool CanUsePerf()
    {
        using var perf = GatewayCommand.StartProgram(
            "bash", Path.GetTempPath(), ["-c", "perf record -F 99 -g -o /dev/null -- true > /dev/null 2>&1"]);
        return perf.WaitForExit() == 0;
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
