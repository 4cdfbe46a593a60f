using System.Buffers.Binary;
using System.Text.Json;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.TestKit.Detection;

/// <summary>
/// The corpora of rules, payloads and truth, found by SENSORGATEWAY_CORPORA or beside the repository.
/// </summary>
public static class Corpora
{
    /// <summary>The folder, or null when it is not there.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A file of them, named from their folder.</summary>
    public static string PathOf(string file) => Path.Combine(Root!, file);

    /// <summary>Rules of a set such as mixed-100.</summary>
    public static RuleSet Rules(string set)
    {
        var loaded = RuleLoader.Load([PathOf($"rules/{set}.ndjson")], [], Root!);
        return loaded.Rules ?? throw new InvalidDataException(string.Join(Environment.NewLine, loaded.Problems.Take(5)));
    }

    /// <summary>Payloads of benign, attack or seeded.</summary>
    public static IReadOnlyList<byte[]> Payloads(string name)
    {
        var bytes = File.ReadAllBytes(PathOf($"payloads/{name}.frames"));
        var payloads = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            payloads.Add(bytes.AsSpan(at + 4, length).ToArray());
            at += 4 + length;
        }

        return payloads;
    }

    /// <summary>Ids that must match, by payload.</summary>
    public static IReadOnlyDictionary<int, string[]> Truth(string set, string payloads, bool guards)
    {
        var truth = new Dictionary<int, string[]>();
        foreach (var line in File.ReadLines(PathOf($"truth/{set}.{payloads}.ndjson")))
        {
            using var json = JsonDocument.Parse(line);
            var ids = Strings(json.RootElement.GetProperty("ids"));
            if (guards && json.RootElement.TryGetProperty("guard_absent", out var absent))
            {
                ids = ids.Except(Strings(absent));
            }

            var sorted = ids.Order(StringComparer.Ordinal).ToArray();
            if (sorted.Length > 0)
            {
                truth.Add(json.RootElement.GetProperty("i").GetInt32(), sorted);
            }
        }

        return truth;
    }

    /// <summary>Flag letters of each rule of a set; nocase is i.</summary>
    public static Func<string, string> Flags(string set)
    {
        var flags = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(PathOf($"rules/{set}.ndjson")))
        {
            using var json = JsonDocument.Parse(line);
            var rule = json.RootElement;
            var letters = rule.TryGetProperty("flags", out var given) ? given.GetString()! : "";
            flags.Add(rule.GetProperty("id").GetString()!, letters + (rule.GetProperty("nocase").GetBoolean() ? "i" : ""));
        }

        return id => flags[id];
    }

    private static IEnumerable<string> Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static string? Find()
    {
        var given = Environment.GetEnvironmentVariable("SENSORGATEWAY_CORPORA");
        if (given is not null)
        {
            return Directory.Exists(given) ? given : null;
        }

        var beside = RepositoryFolder.Find() is { } root ? Path.Combine(root, "..", "shared", "corpora") : null;
        return Directory.Exists(beside) ? beside : null;
    }
}
