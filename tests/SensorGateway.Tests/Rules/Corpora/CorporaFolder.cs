using System.Buffers.Binary;
using System.Text.Json;
using SensorGateway.TestKit;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Rules.Corpora;

/// <summary>The shared corpora, where they are there.</summary>
internal static class CorporaFolder
{
    private static readonly string? Root = Find();

    /// <summary>Path of a file in the corpora; null, said aloud, when the corpora are not on this machine.</summary>
    public static string? TryFind(string file, ITestOutputHelper output)
    {
        if (Root is not null)
        {
            return Path.Combine(Root, file);
        }

        output.WriteLine("SKIPPED: no corpora. Set SENSORGATEWAY_CORPORA to their folder.");
        return null;
    }

    public static IReadOnlyList<byte[]> Payloads(string framesFile)
    {
        var payloads = new List<byte[]>();
        for (ReadOnlySpan<byte> rest = File.ReadAllBytes(framesFile); !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            payloads.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }

        return payloads;
    }

    /// <summary>Rule ids by payload index, those whose guard is absent left out.</summary>
    public static Dictionary<int, HashSet<string>> Truth(string file)
    {
        var truth = new Dictionary<int, HashSet<string>>();
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            var ids = Strings(json.RootElement, "ids");
            ids.ExceptWith(Strings(json.RootElement, "guard_absent"));
            truth[json.RootElement.GetProperty("i").GetInt32()] = ids;
        }

        return truth;
    }

    private static HashSet<string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SENSORGATEWAY_CORPORA") is { Length: > 0 } given)
        {
            return given;
        }

        var beside = RepositoryFolder.Find() is { } root
            ? Path.GetFullPath(Path.Combine(root, "..", "shared", "corpora"))
            : null;
        return Directory.Exists(beside) ? beside : null;
    }
}
