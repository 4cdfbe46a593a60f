using System.Text.RegularExpressions;
using SensorGateway.Tests.Golden;

namespace SensorGateway.Tests.Cli;

/// <summary><c>explain</c> and <c>rules</c>, with times left out.</summary>
public sealed partial class ExplainTests : IDisposable
{
    private const string Rules =
        """
        rules:
          - id: a.script
            title: Script tag
            severity: high
            tags: [web]
            match: { regex: '<script[\s>]', transform: [url-decode, lowercase] }
          - id: b.near
            match: { regex: '(?<=!)wombat' }
          - id: c.guard
            match: { regex: 'quokka=\d', guard: xylem }
          - id: d.bytes
            severity: low
            match: { literal: '\x1b[31m' }
          - id: e.always
            match: { regex: '[a-f]\d[a-f]\d' }
          - id: f.half
            match: { all: [{ literal: quokka }, { literal: absent }] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_AsJson_IsPinned()
    {
        var (rules, hashes, payload) = Files();

        var result = await CommandRunner.RunAsync("explain", "--rules", rules, "--hashes", hashes, payload, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("explain-json", Nanoseconds().Replace(result.Out, "\"ns\":0"));
    }

    [Fact]
    public async Task Explain_ForPeople_IsPinnedAndShowsNoRawControlBytes()
    {
        var (rules, hashes, payload) = Files();

        var result = await CommandRunner.RunAsync("explain", "--rules", rules, "--hashes", hashes, payload);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain(result.Out.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
        GoldenFile.Verify("explain-text", Microseconds().Replace(result.Out, ", 0.0 us"));
    }

    [Fact]
    public async Task ExplainAndRules_OfAConfiguration_TakeItsRulesAndHashLists()
    {
        var (rules, hashes, payload) = Files();
        var config = _folder.Write(
            "gateway.yaml", Configuration.Configs.OneSource + "rules: { paths: [rules.yaml], hashes: [bad.txt] }\n");

        var named = await CommandRunner.RunAsync("explain", "--rules", rules, "--hashes", hashes, payload, "--json");
        var explain = await CommandRunner.RunAsync("explain", "-c", config, payload, "--json");
        var list = await CommandRunner.RunAsync("rules", "list", "-c", config);
        var cost = await CommandRunner.RunAsync("rules", "cost", "--config", config, "-p", payload, "--format", "lines");

        Assert.Equal((0, ""), (explain.ExitCode, explain.Error));
        Assert.Equal(Nanoseconds().Replace(named.Out, ""), Nanoseconds().Replace(explain.Out, ""));
        Assert.EndsWith("\n7 rules.\n", list.Out, StringComparison.Ordinal);
        Assert.Contains(" for all 7 rules, on 1 payloads.\n", cost.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_OfABadConfiguration_ExitsWith3AndNamesThePlace()
    {
        var config = _folder.Write("gateway.yaml", Configuration.Configs.OneSource + "ring: { slots: 1 }\n");

        var result = await CommandRunner.RunAsync("explain", "-c", config, "x.bin");

        Assert.Equal(
            (ExitCodes.BadConfig, "", $"{config}:2:16: ring.slots is 1; use 64 to 1048576.\n1 problem in the configuration.\n"),
            (result.ExitCode, result.Out, result.Error));
    }

    [Fact]
    public async Task Explain_OfAnEmptyPayload_MatchesNothing()
    {
        var (rules, _, _) = Files();

        var result = await CommandRunner.RunAsync("explain", "--rules", rules, _folder.Write("empty.bin", ""), "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("\"payload\":{\"bytes\":0,\"text\":\"\"},\"rules\":6,\"matched\":[],\"near_misses\":[]", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_OfAFileThatIsNoPayload_ExitsWith66()
    {
        var (rules, _, _) = Files();
        var large = _folder.Write("large.bin", new byte[1024 * 1024 + 1]);

        var result = await CommandRunner.RunAsync("explain", "--rules", rules, large);

        Assert.Equal(
            (ExitCodes.BadInput, $"{large}: has 1048577 bytes, and no payload has more than 1048576; name a file that holds one payload.\n"),
            (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task RulesList_AsJson_IsPinned()
    {
        var (rules, hashes, _) = Files();

        var result = await CommandRunner.RunAsync("rules", "list", "--rules", rules, "--hashes", hashes, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("rules-list-json", Anonymous(result.Out));
    }

    [Fact]
    public async Task RulesList_ForPeople_IsPinned()
    {
        var (rules, hashes, _) = Files();

        var result = await CommandRunner.RunAsync("rules", "list", "--rules", rules, "--hashes", hashes);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("rules-list-text", Anonymous(result.Out));
    }

    [Fact]
    public async Task RulesCost_AsJson_HasThePinnedFieldsAndCounts()
    {
        var (rules, hashes, _) = Files();
        var sample = _folder.Write("sample.txt", "quokka=1\nquokka=2 xylem\nhay\n!wombat\na1b2 wombat\n%3CSCRIPT%3E\n");

        var result = await CommandRunner.RunAsync("rules", "cost", "--rules", rules, "--hashes", hashes, "-p", sample, "--json");

        Assert.Equal((0, ""), (result.ExitCode, WithoutProgress(result.Error)));

        // The order of rules depends on the machine; their fields and counts do not.
        var text = Times().Replace(Anonymous(result.Out), "\"$1\":0");
        GoldenFile.Verify("rules-cost-json", string.Join("\n", text[..(text.IndexOf('[') + 1)], string.Join('\n', OneRule().Matches(text).Select(rule => rule.Value).Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task RulesCost_WithTop_ListsSoManyDearestFirst()
    {
        var (rules, _, _) = Files();

        var result = await CommandRunner.RunAsync("rules", "cost", "--rules", rules, "--top", "2");

        Assert.Equal((0, ""), (result.ExitCode, WithoutProgress(result.Error)));
        var lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^ns/payload +share +runs +regexes +matches +stage +rule +literal$", lines[0]);
        Assert.Matches(@"^[\d,. ]+ ns/payload for all 6 rules, on 120 payloads\.$", lines[3]);
        Assert.True(Price(lines[1]) >= Price(lines[2]));
    }

    [Fact]
    public async Task Check_OfADearRule_WarnsAndStillSucceeds()
    {
        var rules = _folder.Write("r.yaml", "rules:\n  - id: dear\n    match: { regex: '[a-z]\\d[a-z]' }\n");

        var warned = await CommandRunner.RunAsync("check", rules, "--cost-budget", "1");
        var machine = await CommandRunner.RunAsync("check", rules, "--cost-budget", "1", "--json");
        var silent = await CommandRunner.RunAsync("check", rules, "--cost-budget", "0");

        Assert.Equal((0, "ok   rules: 1 rules, 0 hashes, 1 warnings\n"), (warned.ExitCode, warned.Out));
        Assert.Matches(
            $@"^{Regex.Escape(rules)}:2:5: warning: rule 'dear' costs [\d,]+ ns per payload of typical traffic, more than 1; give it a guard, or a literal of four bytes or more, or raise --cost-budget\.\n$",
            warned.Error);
        Assert.Matches("\"problems\":\\[\\],\"warnings\":\\[\\{\"file\":\".*r.yaml\",\"line\":2,\"column\":5,\"message\":\"rule ", machine.Out);
        Assert.Equal((0, ""), (silent.ExitCode, silent.Error));
    }

    // A busy machine may need more than the two seconds after which people are told how far it is.
    private static string WithoutProgress(string error) => Progress().Replace(error, "");

    private static double Price(string line) => double.Parse(line.TrimStart().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private (string Rules, string Hashes, string Payload) Files()
    {
        var payload = "a=%3CSCRIPT%3E quokka=7 wombat \u001b[31m"u8.ToArray();
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(payload));
        return (_folder.Write("rules.yaml", Rules), _folder.Write("bad.txt", $"{digest} A label\n"), _folder.Write("p.bin", payload));
    }

    private string Anonymous(string text) => text.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal);

    [GeneratedRegex(@"rules cost: \d+ %\n")]
    private static partial Regex Progress();

    [GeneratedRegex("\"ns\":\\d+")]
    private static partial Regex Nanoseconds();

    [GeneratedRegex(@", \d+\.\d us")]
    private static partial Regex Microseconds();

    [GeneratedRegex("\"(ns_per_payload|share)\":[\\d.]+")]
    private static partial Regex Times();

    [GeneratedRegex("\\{\"id\":.*?\\}")]
    private static partial Regex OneRule();
}
