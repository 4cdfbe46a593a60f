using System.Text.Json;
using System.Text.Json.Nodes;
using SensorGateway.PerfGate.Baselines;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.Tests.Architecture;

namespace SensorGateway.Tests.PerfGate;

public sealed class BaselineTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "perf-baselines");

    [Fact]
    public void EveryRecordedFile_IsSound()
    {
        var files = Directory.GetFiles(Folder, "*.json", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "schema.json").ToList();
        var problems = files.SelectMany(file => BaselineRules.Check(file, File.ReadAllText(file), out _)).ToList();

        Assert.NotEmpty(files);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void SchemaFile_IsWhatTheTypesSay() => Assert.Equal(
        BaselineSchema.Text().ReplaceLineEndings("\n").Trim(),
        File.ReadAllText(Path.Combine(Folder, "schema.json")).ReplaceLineEndings("\n").Trim());

    [Fact]
    public void Readme_ExplainsEveryField()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var missing = Fields(JsonNode.Parse(Json(Sample()))!).Distinct().Where(field => !readme.Contains($"`{field}`", StringComparison.Ordinal));

        Assert.True(!missing.Any(), "not in perf-baselines/README.md: " + string.Join(", ", missing));
    }

    [Fact]
    public void File_WrittenAndRead_IsTheSame()
    {
        var json = Json(Sample());

        var problems = BaselineRules.Check("2026-11-21.json", json, out var read);

        Assert.Empty(problems);
        Assert.Equal(json, Json(read!));
    }

    [Fact]
    public void Write_PutsTheFileIntoTheFolderOfItsMachine()
    {
        var folder = Directory.CreateTempSubdirectory("sg-baselines-");
        try
        {
            var path = Recorder.Write(
                folder.FullName, Result(), Calibration, new string('a', 40), "", new DateTime(2026, 11, 21, 1, 0, 0, DateTimeKind.Utc));

            Assert.Equal("2026-11-21.json", Path.GetFileName(path));
            Assert.Matches("^(x64|arm64)-[0-9]+cpu-[a-z0-9-]+$", Path.GetFileName(Path.GetDirectoryName(path)));
            Assert.Empty(BaselineRules.Check(path, File.ReadAllText(path), out _));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("git_sha", "\"abc\"", "git_sha 'abc'")]
    [InlineData("date", "\"yesterday\"", "date 'yesterday'")]
    [InlineData("date", "\"2026-11-22\"", "differ")]
    [InlineData("schema", "7", "schema 7 is unknown")]
    [InlineData("schema", "\"2\"", "schema is missing or no number")]
    [InlineData("verdict", "\"fine\"", "verdict 'fine'")]
    [InlineData("scenarios", "[]", "scenarios is empty")]
    [InlineData("scenarios", "null", "2026-11-21.json:1")]
    [InlineData("surprise", "1", "surprise")]
    public void Check_WithABadField_NamesIt(string field, string value, string expected)
    {
        var root = JsonNode.Parse(Json(Sample()))!.AsObject();
        root[field] = JsonNode.Parse(value);

        Assert.Contains(expected, Problems(root), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p95", "1", "do not ascend")]
    [InlineData("samples", "12", "add up")]
    [InlineData("histogram", "[[1,2,3]]", "pairs")]
    [InlineData("alloc_bytes_per_op", "-1", "out of range")]
    public void Check_WithABadScenario_NamesIt(string field, string value, string expected)
    {
        var root = JsonNode.Parse(Json(Sample()))!.AsObject();
        root["scenarios"]![0]![field] = JsonNode.Parse(value);
        var problems = Problems(root);

        Assert.Contains("detect.a", problems, StringComparison.Ordinal);
        Assert.Contains(expected, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"schema\":2}")]
    [InlineData("{\"schema\":1}")]
    [InlineData("{\"schema\":1,\"date\":3,\"env\":{},\"results\":[1]}")]
    [InlineData("{\"schema\":2,\"schema\":2}")]
    public void Check_WithSomethingElse_SaysSoAndDoesNotThrow(string json) =>
        Assert.NotEmpty(BaselineRules.Check("2026-11-21.json", json, out _));

    [Fact]
    public void Draw_BreaksTheLineWhereTheMachineChanges()
    {
        var nights = new[] { "10.0.1", "10.0.1", "10.0.2", "10.0.2", "10.0.2" }
            .Select((dotnet, i) => ("class", Sample() with
            {
                Date = $"2026-11-2{i}",
                Environment = Sample().Environment with { Dotnet = dotnet },
            }))
            .ToList();

        var picture = TrendChart.Draw(nights);
        var lengths = picture.Split("<polyline points='").Skip(1).Select(line => line[..line.IndexOf('\'', StringComparison.Ordinal)].Split(' ').Length);

        // Three scenarios of three lines, each in two pieces: two nights, then three.
        Assert.Equal(Enumerable.Repeat<int[]>([2, 3], 9).SelectMany(pieces => pieces), lengths);
    }

    [Fact]
    public void Draw_OfNothing_SaysSo() => Assert.Contains("No nights", TrendChart.Draw([]), StringComparison.Ordinal);

    private static CalibrationMessage Calibration { get; } = new() { AluP50 = 20_000, ShaP50 = 3_000, ShaP95 = 3_100, ClockNs = 20 };

    private static string Problems(JsonObject root) => string.Join('\n', BaselineRules.Check("2026-11-21.json", root.ToJsonString(), out _));

    private static string Json(BaselineFile file) => JsonSerializer.Serialize(file, BaselineJson.Default.BaselineFile);

    private static SensorGateway.PerfGate.Duet.GateResult Result() =>
        GateRunTests.Run(new SyntheticMachine(1).Launch, new("tonight", "nowhere"));

    private static BaselineFile Sample() => Recorder.Make(
        Result(),
        Calibration,
        new() { Cpu = "Test CPU", Vcpus = 2, Architecture = "x64", Os = "Debian", Dotnet = "10.0.1", Kernel = "6.1", Load1m = 0.5 },
        new string('a', 40),
        "made by a test",
        new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc));

    private static IEnumerable<string> Fields(JsonNode node) => node switch
    {
        JsonObject holder => holder.SelectMany(pair => Fields(pair.Value ?? JsonValue.Create(0)).Prepend(pair.Key)),
        JsonArray list => list.Where(item => item is not null).SelectMany(item => Fields(item!)),
        _ => [],
    };
}
