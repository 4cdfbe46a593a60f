using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SensorGateway.Rules;
using SensorGateway.Rules.Testing;

namespace SensorGateway.Tests.Rules.Loading;

/// <summary>No content of a file makes loading throw, hang or stay silent.</summary>
public sealed class LoaderFuzzTests
{
    private const string Yaml = """
        rules:
          - id: web.xss
            title: "Script \x41"
            severity: high
            tags: [a, 'b']
            match:
              all:
                - any: [{ regex: '(?i)<script[\s>]', guard: '<script' }, { literal: 'a\x00', nocase: true }]
                - not: { literal: c }
            suppress: { for: 30s }
            examples: { match: ['x'], clean: [y] }
        """;

    private const string Ndjson = """
        {"id":"a","kind":"regex","pattern":"a(b|c)\\d","nocase":true,"flags":"s","guard":["x\\x00"],"guard_nocase":false}
        {"id":"b","kind":"literal","pattern":"\\x5c\u00e9","source":"et"}
        """;

    private const string Pieces = ":-[]{}&*!|>'\"%@`#,?\n\n  \t\\()~\0\uFEFFé0x";

    [Theory]
    [InlineData("r.yaml")]
    [InlineData("r.ndjson")]
    [InlineData("r.txt")]
    public void Load_AnyBytes_AnswersWithRulesOrProblems(string name)
    {
        using var folder = new RuleFolder();
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => IsAnswered(folder, name, bytes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Theory]
    [InlineData("r.yaml", Yaml)]
    [InlineData("r.ndjson", Ndjson)]
    public void Load_DamagedRules_AnswersWithRulesOrProblems(string name, string text)
    {
        using var folder = new RuleFolder();
        Assert.True(IsAnswered(folder, name, Encoding.UTF8.GetBytes(text)));
        for (var seed = 0; seed < 4_000; seed++)
        {
            var damaged = Damage(new Random(seed), text);
            Assert.True(IsAnswered(folder, name, damaged), $"seed {seed}");
        }
    }

    [Fact]
    public void LoadTests_OfDamagedTestFiles_AnswersWithTestsOrProblems()
    {
        const string text = "tests:\n  - { name: a, payload: 'x\\x00', match: [a], clean: [b] }\n  - file: x.txt\n    exactly: []\n";
        using var folder = new RuleFolder();
        var rules = RuleFolder.LoadText(Ndjson, "r.ndjson").Rules!;
        for (var seed = 0; seed < 2_000; seed++)
        {
            folder.Write("r.test.yaml", Damage(new Random(seed), text));
            var loaded = RuleTestLoader.Load([folder.Root], rules, folder.Root);
            Assert.True(loaded.Tests.Length > 0 || loaded.Problems.Length > 0, $"seed {seed}");
            Assert.All(loaded.Problems, problem => Assert.NotEmpty(problem.Fix));
        }
    }

    [Fact]
    public void Load_HundredThousandRules_IsTaken_AndOneMoreRefused()
    {
        var lines = new StringBuilder();
        for (var i = 0; i <= RuleLimits.RulesMax; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"r{i}\",\"kind\":\"literal\",\"pattern\":\"x{i}\"}}\n");
        }

        Assert.Equal(
            ["r.ndjson:100001:1: this is one rule more than the 100000 a gateway takes; load fewer rules."],
            RuleFolder.Messages(RuleFolder.LoadText(lines.ToString(), "r.ndjson")));
        lines.Length = lines.ToString().TrimEnd().LastIndexOf('\n');
        Assert.Equal(RuleLimits.RulesMax, RuleFolder.LoadText(lines.ToString(), "r.ndjson").Rules!.Rules.Length);
    }

    [Fact]
    public void Load_LineOfTenMegabytes_IsRefused()
    {
        var line = new string('x', 10_000_000);

        Assert.Equal(
            ["r.ndjson:1:1: this line is longer than 1 MiB; shorten the rule."],
            RuleFolder.Messages(RuleFolder.LoadText($$"""{"id":"a","kind":"literal","pattern":"{{line}}"}""", "r.ndjson")));
        Assert.Equal(
            ["r.yaml:1:36: this text is longer than 64 KiB; shorten it; no payload is longer."],
            RuleFolder.Messages(RuleFolder.LoadText($"rules: [{{ id: a, match: {{ literal: {line} }} }}]")));
        Assert.Equal(
            ["r.yaml:1:34: bad regex: this pattern is longer than 64 KiB; split it into several rules."],
            RuleFolder.Messages(RuleFolder.LoadText($"rules: [{{ id: a, match: {{ regex: {line} }} }}]")));
    }

    [Fact]
    public void Load_FileBeyondItsBound_IsNotEvenRead()
    {
        using var folder = new RuleFolder();
        using (var file = File.Create(Path.Combine(folder.Root, "r.yaml")))
        {
            file.SetLength(RuleLimits.RuleFileBytesMax + 1L);
        }

        Assert.Equal(
            ["r.yaml: this file is larger than 64 MiB; split it into several files."],
            RuleFolder.Messages(folder.Load(["r.yaml"])));
    }

    private static bool IsAnswered(RuleFolder folder, string name, byte[] bytes)
    {
        folder.Write(name, bytes);
        var result = name.EndsWith(".txt", StringComparison.Ordinal) ? folder.Load([], name) : folder.Load([name]);
        return result.Rules is not null == result.Problems.IsEmpty && result.Problems.All(problem => problem.Fix.Length > 0);
    }

    private static byte[] Damage(Random random, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var cuts = random.Next(1, 5); cuts > 0 && bytes.Count > 0; cuts--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)].ToString()));
                    break;
            }
        }

        return [.. bytes];
    }
}
