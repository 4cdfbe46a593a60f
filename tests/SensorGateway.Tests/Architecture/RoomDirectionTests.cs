using System.Text.RegularExpressions;

namespace SensorGateway.Tests.Architecture;

/// <summary>Inside the pipeline, rooms know only those that lie before them on the payload's way, or serve all.</summary>
public sealed partial class RoomDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Alerts"] = ["Ring", "Sensors", "Telemetry"],
        ["Detection"] = ["Alerts", "Ring", "Sensors", "Telemetry", "Threading"],
        ["Publishing"] = ["Alerts", "Ring", "Sensors", "Spooling", "Telemetry", "Threading"],
        ["Ring"] = ["Threading"],
        ["Sensors"] = [],
        ["Sources"] = ["Ring", "Sensors", "Telemetry", "Threading"],
        ["Spooling"] = ["Ring", "Telemetry", "Threading"],
        ["Telemetry"] = [],
        ["Threading"] = [],
    };

    /// <summary>The one room that wires the others, and so knows them all.</summary>
    private const string Composer = "Lanes";

    /// <summary>Only these speak to NATS.</summary>
    private static readonly string[] NatsRooms = ["Publishing", Composer];

    [Fact]
    public void EveryRoom_RefersOnlyToTheRoomsItMay()
    {
        var offences = new List<string>();
        foreach (var (file, room, text) in Sources())
        {
            foreach (Match reference in RoomReference().Matches(text))
            {
                var target = reference.Groups["room"].Value;
                if (room != Composer && target != room && !Allowed[room].Contains(target))
                {
                    offences.Add($"{file}: {room} must not know {target}");
                }
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences.Distinct()));
    }

    [Fact]
    public void Nats_IsKnownToPublishingAndLanesAlone()
    {
        var offences = Sources()
            .Where(source => !NatsRooms.Contains(source.Room) && source.Text.Contains("SensorGateway.Nats", StringComparison.Ordinal))
            .Select(source => source.File);

        Assert.True(!offences.Any(), string.Join('\n', offences));
    }

    [Fact]
    public void Rooms_AreExactlyThoseWithARule()
    {
        var rooms = Sources().Select(source => source.Room).Distinct().Where(room => room != Composer);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Namespaces_FollowTheFolders()
    {
        var offences = Sources()
            .Where(source => !source.Text.Contains($"\nnamespace {NamespaceOf(source.File)};\n", StringComparison.Ordinal)
                && !source.Text.StartsWith($"namespace {NamespaceOf(source.File)};\n", StringComparison.Ordinal))
            .Select(source => source.File);

        Assert.True(!offences.Any(), string.Join('\n', offences));
    }

    [Fact]
    public void RoomReference_FindsUsingsAndFullNames()
    {
        const string Text = "using SensorGateway.Pipeline.Lanes;\nx = new Pipeline.Ring.EventRing(); // see Pipeline";

        Assert.Equal(["Lanes", "Ring"], RoomReference().Matches(Text).Select(match => match.Groups["room"].Value));
    }

    private static IEnumerable<(string File, string Room, string Text)> Sources() =>
        Repository.SourcesIn(Repository.Pipeline)
            .Select(path => (Path: path, Inside: Path.GetRelativePath(Repository.Pipeline, path)))
            .Where(source => source.Inside.Contains(Path.DirectorySeparatorChar))
            .Select(source => (
                Repository.NameOf(source.Path),
                source.Inside.Split(Path.DirectorySeparatorChar)[0],
                File.ReadAllText(source.Path)));

    private static string NamespaceOf(string file) =>
        Path.GetDirectoryName(file)!["services/".Length..].Replace('\\', '.').Replace('/', '.');

    [GeneratedRegex(@"\bPipeline\.(?<room>[A-Z][A-Za-z]+)\b(?=[.;])")]
    private static partial Regex RoomReference();
}
