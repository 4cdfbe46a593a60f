using System.Xml.Linq;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.Profiling;
using SensorGateway.Profiling.Traces;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary>The verb as a process, on a gateway process.</summary>
public sealed class FlamegraphTests
{
    [Fact]
    public void Flamegraph_OfABusyGateway_ShowsThreadsAndTheRuleOfACompiledRegex()
    {
        using var busy = new BusyGateway(perSecond: 40_000, "--set", "detection.cache.entries=0");
        var folder = busy.Folder.Path;
        string svg;
        var attempts = 0;
        do
        {
            // A regex is compiled when it has run a thousand times and matched; on a busy machine that takes a while.
            var (exitCode, output, error) = GatewayCommand.Run(
                folder, "flamegraph", "--pid", $"{busy.Gateway.Id}", "--seconds", "3", "--keep-trace", "now.nettrace", "-o", "now.svg");
            Assert.True(exitCode == 0, error);
            Assert.Matches(@"^now\.svg: \d+ samples, \d+ of waiting threads left out; open it in a browser\.\n$", output);
            svg = File.ReadAllText(Path.Combine(folder, "now.svg"));
        }
        while (!svg.Contains("rule test.backref: ", StringComparison.Ordinal) && ++attempts < 5);

        XDocument.Parse(svg);
        Assert.Contains("rule test.backref: ", svg, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"Regex\d+_Scan", svg);
        Assert.Contains("<title>ingest-field: ", svg, StringComparison.Ordinal);
        Assert.Contains("thread time, sampled by EventPipe", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("<title>SensorGateway.Pipeline.Threading.Doorbell.Wait", svg, StringComparison.Ordinal);

        var difference = GatewayCommand.Run(folder, "flamegraph", "now.nettrace", "--diff", "now.nettrace", "-o", "same.svg");
        Assert.True(difference.ExitCode == 0, difference.Error);
        var same = File.ReadAllText(Path.Combine(folder, "same.svg"));
        Assert.Contains("now.nettrace against now.nettrace", same, StringComparison.Ordinal);
        Assert.Contains("+0.00 points", same, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[+-](?!0\.00)\d+\.\d\d points", same);

        CheckDamaged(folder, Path.Combine(folder, "now.nettrace"));
    }

    [Fact]
    public void FlamegraphByPerf_ShowsCpuTimeOrSaysWhatIsMissing()
    {
        using var busy = new BusyGateway(perSecond: 20_000);
        var (exitCode, output, error) = GatewayCommand.Run(
            busy.Folder.Path, "flamegraph", "--pid", $"{busy.Gateway.Id}", "--seconds", "3", "--perf", "-o", "cpu.svg");

        if (exitCode != 0)
        {
            // No perf, or not allowed: both are told with their cure.
            Assert.Equal(4, exitCode);
            Assert.Matches("perf is not installed; install it|perf_event_paranoid", error);
            return;
        }

        var svg = File.ReadAllText(Path.Combine(busy.Folder.Path, "cpu.svg"));
        Assert.Matches(@"^cpu\.svg: \d+ samples; open it in a browser\.\n$", output);
        Assert.Contains("CPU time, sampled by perf", svg, StringComparison.Ordinal);
        Assert.Contains("<title>SensorGateway.Pipeline.", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void FlamegraphByPerf_WithoutPerf_SaysHowToInstallIt()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:1");
        using var self = GatewayCommand.Start(folder.Path, "run");
        self.WaitForError("Watch the gateway");
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));

        var (exitCode, _, error) = GatewayCommand.RunWith(
            ("PATH", Path.Combine(folder.Path, "empty")), folder.Path, "flamegraph", "--pid", $"{self.Id}", "--perf", "-o", "x.svg");

        Assert.Equal(4, exitCode);
        Assert.Equal("perf is not installed; install it (Debian: apt-get install linux-perf), or leave out --perf.\n", error);
    }

    [Theory]
    [InlineData("name a FILE.nettrace, or a process with --pid")]
    [InlineData("name a FILE.nettrace or --pid, not both", "a.nettrace", "--pid", "1")]
    [InlineData("--pid -5 is no process", "--pid", "-5")]
    [InlineData("--perf records a process", "a.nettrace", "--perf")]
    [InlineData("--diff compares traces of the same kind", "--pid", "1", "--perf", "--diff", "b.nettrace")]
    [InlineData("--keep-trace keeps a recording", "a.nettrace", "--keep-trace", "b")]
    [InlineData("--seconds must be 1 to 600", "--pid", "1", "--seconds", "0")]
    public void Flamegraph_WithBadArguments_ExitsWith64(string complaint, params string[] args)
    {
        var (exitCode, output, error) = GatewayCommand.Run(Path.GetTempPath(), ["flamegraph", .. args, "-o", "x.svg"]);

        Assert.Equal((64, ""), (exitCode, output));
        Assert.StartsWith("sensor-gateway: " + complaint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent.nettrace", "absent.nettrace: no such file; name a .nettrace file.\n")]
    [InlineData("gateway.yaml", "gateway.yaml: is not a .nettrace; record one with /debug/profile, --keep-trace or dotnet-trace.\n")]
    [InlineData("empty.nettrace", "empty.nettrace: is not a .nettrace; record one with /debug/profile, --keep-trace or dotnet-trace.\n")]
    public void Flamegraph_OfABadFile_ExitsWith66(string file, string complaint)
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:1");
        folder.Write("empty.nettrace", "");

        var (exitCode, output, error) = GatewayCommand.Run(folder.Path, "flamegraph", file, "-o", "x.svg");

        Assert.Equal((66, "", complaint), (exitCode, output, error));
    }

    [Fact]
    public void Flamegraph_OfAProcessThatIsNotDotNet_ExitsWith4()
    {
        using var nats = NatsServerProcess.Start();

        var (exitCode, _, error) = GatewayCommand.Run(Path.GetTempPath(), "flamegraph", "--pid", $"{nats.Id}", "-o", "x.svg");

        Assert.Equal(4, exitCode);
        Assert.StartsWith($"process {nats.Id} cannot be traced (", error, StringComparison.Ordinal);
    }

    /// <summary>Cut anywhere, bytes changed anywhere: read or refused, never anything else.</summary>
    private static void CheckDamaged(string folder, string trace)
    {
        var whole = File.ReadAllBytes(trace);
        var rounds = FaultRun.IsFull ? 200 : 12;
        var file = Path.Combine(folder, "damaged.nettrace");
        var refused = 0;
        for (var seed = 0; seed < rounds; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 3 == 0 ? whole[..random.Next(whole.Length)] : whole[..];
            for (var change = 0; change < (int)Math.Pow(10, seed % 4) && bytes.Length > 8; change++)
            {
                bytes[random.Next(8, bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(file, bytes);
            try
            {
                TraceReader.Read(file, new Dictionary<int, string>());
            }
            catch (ProfileException refusal)
            {
                Assert.StartsWith(file + ": ", refusal.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 1, rounds); // Some damage cannot be read over.
        File.WriteAllBytes(file, whole[..(whole.Length / 2)]);
        var (exitCode, _, error) = GatewayCommand.Run(folder, "flamegraph", "damaged.nettrace", "-o", "x.svg");
        Assert.Equal(66, exitCode);
        Assert.Matches(@"^damaged\.nettrace: (is damaged \(.*\); record it again|holds no samples; .*)\.\n$", error);
    }
}
