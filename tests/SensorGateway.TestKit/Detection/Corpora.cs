using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.TestKit.Detection;

/// <summary>The corpora of rules, payloads and truth, found by SENSORGATEWAY_CORPORA or beside the repository.</summary>
public static class Corpora
{
    /// <summary>The folder, or null when it is not there.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Rules of a set such as mixed-100.</summary>
    public static RuleSet Rules(string set)
    {
        var rules = new List<Rule>();
        foreach (var line in File.ReadLines(Path.Combine(Root!, "rules", set + ".ndjson")))
        {
            using var json = JsonDocument.Parse(line);
            var rule = json.RootElement;
            var id = rule.GetProperty("id").GetString()!;
            var match = Match(rule);
            if (match is not null)
            {
                rules.Add(new Rule { Id = id, Title = id, Match = match, Position = default });
            }
        }

        return new RuleSet([.. rules.OrderBy(rule => rule.Id, StringComparer.Ordinal)], []);
    }

    /// <summary>Payloads of benign, attack or seeded.</summary>
    public static IReadOnlyList<byte[]> Payloads(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Root!, "payloads", name + ".frames"));
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
        foreach (var line in File.ReadLines(Path.Combine(Root!, "truth", $"{set}.{payloads}.ndjson")))
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
        foreach (var line in File.ReadLines(Path.Combine(Root!, "rules", set + ".ndjson")))
        {
            using var json = JsonDocument.Parse(line);
            var rule = json.RootElement;
            var letters = rule.TryGetProperty("flags", out var given) ? given.GetString()! : "";
            flags.Add(rule.GetProperty("id").GetString()!, letters + (rule.GetProperty("nocase").GetBoolean() ? "i" : ""));
        }

        return id => flags[id];
    }

    private static MatchNode? Match(JsonElement rule)
    {
        var pattern = rule.GetProperty("pattern").GetString()!;
        var noCase = rule.GetProperty("nocase").GetBoolean();
        if (rule.GetProperty("kind").GetString() == "literal")
        {
            return new LiteralTerm(Unescape(pattern), noCase);
        }

        var modes = noCase ? PcreModes.NoCase : PcreModes.None;
        foreach (var flag in rule.TryGetProperty("flags", out var flags) ? flags.GetString()! : "")
        {
            modes |= flag switch { 's' => PcreModes.DotAll, 'm' => PcreModes.MultiLine, _ => PcreModes.Extended };
        }

        var parsed = PcrePattern.TryParse(pattern, modes, out var problem);
        if (parsed is null)
        {
            Console.Error.WriteLine($"{rule.GetProperty("id").GetString()}: {problem!.Problem}; {problem.Fix}.");
            return null;
        }

        var guardNoCase = rule.TryGetProperty("guard_nocase", out var folds) && folds.GetBoolean();
        var guards = rule.TryGetProperty("guard", out var guard) ? Strings(guard) : [];
        return new RegexTerm(parsed, [.. guards.Select(text => new LiteralTerm(Unescape(text), guardNoCase))]);
    }

    private static ImmutableArray<byte> Unescape(string text)
    {
        var bytes = ImmutableArray.CreateBuilder<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 2, 2))[0]);
                i += 3;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return bytes.ToImmutable();
    }

    private static IEnumerable<string> Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static string? Find()
    {
        var given = Environment.GetEnvironmentVariable("SENSORGATEWAY_CORPORA");
        if (given is not null)
        {
            return Directory.Exists(given) ? given : null;
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "SensorGateway.sln")))
            {
                var beside = Path.Combine(at.FullName, "..", "shared", "corpora");
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}
