using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using SensorGateway.Cli;
using SensorGateway.Hosting.Metrics;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit;
using SensorGateway.Tests.Cli;
using SensorGateway.Tests.Configuration;
using Documents = SensorGateway.TestKit.Documentation;

namespace SensorGateway.Tests.Documentation;

/// <summary>What the README shows loads, parses, and says what the code says.</summary>
public sealed partial class ReadmeTests
{
    private static readonly IReadOnlyList<FencedBlock> Blocks = Documents.Blocks("README.md");

    [Fact]
    public async Task YamlBlocks_AreRulesTestsOrConfigurationsThatHold()
    {
        using var folder = new TemporaryFolder();
        var kinds = new List<string>();
        foreach (var block in Blocks.Where(block => block.Language == "yaml"))
        {
            var kind = block.Text[..block.Text.IndexOf(':', StringComparison.Ordinal)];
            kinds.Add(kind);
            switch (kind)
            {
                case "rules":
                    folder.Write($"{kinds.Count}.yaml", block.Text);
                    break;
                case "tests":
                    folder.Write($"{kinds.Count}.test.yaml", block.Text);
                    break;
                default:
                    Assert.True(Configs.Problems(block.Text).Length == 0, $"README.md:{block.Line}: {string.Join('\n', Configs.Problems(block.Text))}");
                    break;
            }
        }

        Assert.Contains("rules", kinds);
        Assert.Contains("tests", kinds);
        var result = await CommandRunner.RunAsync("test", folder.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void JsonBlocks_AreJson() =>
        Assert.All(Blocks.Where(block => block.Language == "json"), block =>
        {
            using var parsed = JsonDocument.Parse(block.Text);
            Assert.Equal("kind", parsed.RootElement.EnumerateObject().First().Name);
        });

    [Fact]
    public void CommandLines_AreTakenByTheProgram()
    {
        var lines = Blocks.Where(block => block.Language == "bash")
            .SelectMany(block => block.Text.Split('\n'))
            .SelectMany(line => Command().Matches(line).Select(match => match.Groups[1].Value))
            .Concat(Inline().Matches(Documents.Read("README.md")).Select(match => match.Groups[1].Value))
            .ToList();

        Assert.True(lines.Count > 5);
        Assert.All(lines, line => Assert.Empty(CliProgram.CreateRoot().Parse(line).Errors.Select(error => $"{line}: {error.Message}")));
    }

    [Fact]
    public void LoadTestLines_AreTakenByTheLoadTest()
    {
        var lines = Blocks.Where(block => block.Language == "bash").SelectMany(block => block.Text.Split('\n'))
            .Where(line => line.StartsWith("$L ", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).ToList();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(line.Contains("--rival"), global::SensorGateway.LoadTest.Options.Parse(line).WithRival));
    }

    [Fact]
    public void Books_NameMetricsThatExist()
    {
        var known = MetricCatalog.All.Select(metric => metric.Name[MetricCatalog.Prefix.Length..]).ToHashSet();
        var books = Assert.Single(Blocks, block => block.Text.StartsWith("payloads_received = ", StringComparison.Ordinal));
        var terms = books.Text.Split(' ', '\n', '=', '+').Where(term => term.Length > 0).ToList();

        Assert.Equal(14, terms.Count);
        Assert.All(terms, term => Assert.True(known.Contains(term) || known.Contains(term + "_total"), term));
    }

    [Fact]
    public void CommandTable_HasEveryVerb()
    {
        var listed = Verb().Matches(Section("## Commands")).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Equal(
            CliProgram.CreateRoot().Subcommands.Select(command => command.Name).Where(name => name != "version").Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ExitCodes_AreAllNamed()
    {
        var section = Section("## Commands");
        var codes = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);

        Assert.All(codes, code => Assert.Matches($@"(?<!\d){code.ToString(CultureInfo.InvariantCulture)}(?!\d)", section));
    }

    [Fact]
    public void Severities_AreThoseOfTheModel() => Assert.Contains(
        string.Join(" | ", Enum.GetNames<Severity>().Select(name => name.ToLowerInvariant())), Documents.Read("README.md"), StringComparison.Ordinal);

    [Fact]
    public void Metrics_ThatAreNamed_Exist()
    {
        var known = MetricCatalog.All.Select(metric => metric.Name)
            .Concat(MetricCatalog.Times.Select(metric => metric.Name)).ToHashSet();
        var named = Metric().Matches(Documents.Read("README.md")).Select(match => match.Value).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Fact]
    public void Metrics_NamedWithoutTheirPrefix_Exist()
    {
        var named = Documents.Read("README.md");
        var known = MetricCatalog.All.Select(metric => metric.Name).Concat(MetricCatalog.Times.Select(metric => metric.Name)).ToHashSet();

        foreach (var name in (string[])["spool_failing", "ingest_to_detect", "ingest_to_sent"])
        {
            Assert.Contains($"`{name}`", named, StringComparison.Ordinal);
            Assert.Contains(known, metric => metric == $"sensorgateway_{name}" || metric == $"sensorgateway_{name}_seconds");
        }
    }

    [Fact]
    public void DropReasons_AreAllExplained() => Assert.All(
        Enum.GetNames<AlertDropReason>().Select(SnakeCase.Of),
        reason => Assert.Contains($"`{reason}`", Documents.Read("README.md"), StringComparison.Ordinal));

    [Fact]
    public void Times_OfTheNatsConnection_AreThoseOfTheCode()
    {
        var text = Documents.Read("README.md");
        var nats = new NatsOptions { Servers = [] };

        Assert.Contains($"(after {nats.LivenessTimeout.TotalSeconds:0} s the next one is dialled)", text, StringComparison.Ordinal);
        Assert.Contains($"(tried again every {nats.ReconnectMax.TotalSeconds:0} s, so a repair needs no restart)", text, StringComparison.Ordinal);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"has kept for {new PublishingOptions().PatienceWithSlowServer.TotalSeconds:0.00} s without any progress"),
            text, StringComparison.Ordinal);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"a stop waits {new SpoolOptions { Folder = "x" }.StopLimit.TotalSeconds:0} s for it"),
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_LeadToFiles() => Assert.All(
        Link().Matches(Documents.Read("README.md")).Select(match => match.Groups[1].Value),
        link => Assert.True(Path.Exists(Path.Combine(Architecture.Repository.Root, link)), link));

    [Theory]
    [InlineData("CONFIGURATION.md", "config")]
    [InlineData("METRICS.md", "metrics")]
    public async Task Reference_IsWhatTheProgramPrints(string name, string verb)
    {
        var path = Path.Combine(Architecture.Repository.Root, "services", "SensorGateway", name);
        var (_, printed, _) = await CommandRunner.RunAsync(verb, "reference");
        if (Environment.GetEnvironmentVariable("SENSORGATEWAY_UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, printed);
        }

        Assert.True(await File.ReadAllTextAsync(path) == printed, $"{name} is old; write it anew with: sensor-gateway {verb} reference");
    }

    private static string Section(string title)
    {
        var text = Documents.Read("README.md");
        var from = text.IndexOf(title, StringComparison.Ordinal);
        return text[from..text.IndexOf("\n## ", from + 1, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"(?:^|[|&] |\./)sensor-gateway ([^|&>#]+)")]
    private static partial Regex Command();

    [GeneratedRegex("`sensor-gateway ([^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^\| `([a-z]+)[ `]", RegexOptions.Multiline)]
    private static partial Regex Verb();

    [GeneratedRegex("sensorgateway_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
