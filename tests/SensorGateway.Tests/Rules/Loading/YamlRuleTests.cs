using SensorGateway.Rules.Model;
using SensorGateway.Tests.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Loading;

public sealed class YamlRuleTests
{
    [Fact]
    public void Load_RuleWithEveryKey_ReadsAllOfThem()
    {
        var rule = RuleFolder.LoadRule("""
            # a comment
            rules:
              - id: web.xss.script-tag
                title: Script tag in a request
                severity: high
                tags: [attack.t1059.007, web]
                author: Someone
                match:
                  any:
                    - regex: '(?i)<script[\s>]'
                      guard: '<script'
                    - literal: 'javascript\x3a'
                      nocase: true
                suppress: { for: 30s }
                examples: { match: ['<script>alert(1)</script>', 'x\x00javascript:'], clean: ['subscription'] }
            """);

        Assert.Equal("web.xss.script-tag", rule.Id);
        Assert.Equal("Script tag in a request", rule.Title);
        Assert.Equal(Severity.High, rule.Severity);
        Assert.Equal(["attack.t1059.007", "web"], rule.Tags.ToArray());
        Assert.Equal("Someone", rule.Author);
        Assert.Equal(TimeSpan.FromSeconds(30), rule.SuppressFor);
        Assert.Equal("r.yaml:3:5", rule.Position.ToString());
        var any = Assert.IsType<AnyNode>(rule.Match);
        var regex = Assert.IsType<RegexTerm>(any.Children[0]);
        Assert.Equal(@"(?i)<script[\s>]", regex.Pattern.Pcre);
        AssertLiteral("<script", noCase: true, Assert.Single(regex.Guards));
        AssertLiteral("javascript:", noCase: true, Assert.IsType<LiteralTerm>(any.Children[1]));
        Assert.Equal(2, rule.Examples.Match.Length);
        Assert.Equal(PcreText.Bytes("x\0javascript:"), rule.Examples.Match[1].ToArray());
        Assert.Equal("subscription"u8.ToArray(), Assert.Single(rule.Examples.Clean).ToArray());
    }

    [Fact]
    public void Load_ShortestRule_HasDefaults()
    {
        var rule = RuleFolder.LoadRule("rules: [{ id: a, match: { literal: x } }]");

        Assert.Equal("a", rule.Title);
        Assert.Equal(Severity.Medium, rule.Severity);
        Assert.Equal(TimeSpan.Zero, rule.SuppressFor);
        Assert.Empty(rule.Tags);
        Assert.Null(rule.Author);
        AssertLiteral("x", noCase: false, Assert.IsType<LiteralTerm>(rule.Match));
    }

    [Fact]
    public void Load_TermsWithTransforms_KeepsTheirOrder()
    {
        var rule = RuleFolder.LoadRule("""
            rules:
              - id: a
                match:
                  any:
                    - { literal: x, transform: url-decode }
                    - { regex: y, guard: z, transform: [base64-decode, utf16-to-bytes, lowercase] }
                    - literal: w
            """);

        Assert.Equal(["url-decode", "base64-decode,utf16-to-bytes,lowercase"], rule.Match.Transforms().Select(chain => chain.Name));
        var any = Assert.IsType<AnyNode>(rule.Match);
        Assert.Equal(new TransformChain(TransformStep.UrlDecode), Assert.IsType<LiteralTerm>(any.Children[0]).Chain);
        Assert.True(Assert.IsType<LiteralTerm>(any.Children[2]).Chain.IsNone);
    }

    [Fact]
    public void Load_MoreListsOfTransformsThanTheLimit_NamesTheRule()
    {
        string[] names = ["url-decode", "html-decode", "lowercase"];
        var lists = names.SelectMany(_ => names, (a, b) => $"{a}, {b}").SelectMany(_ => names, (ab, c) => $"[{ab}, {c}]")
            .Concat(names.SelectMany(_ => names, (a, b) => $"[{a}, {b}]")).Take(33);
        var rules = string.Concat(lists.Select((list, i) => $"  - {{ id: r{i}, match: {{ literal: x, transform: {list} }} }}\n"));

        Assert.Equal(
            ["r.yaml:34:5: 'html-decode,lowercase' is one list of transforms more than the 32 a gateway takes; use those of other rules."],
            RuleFolder.Messages(RuleFolder.LoadText("rules:\n" + rules)));
    }

    [Fact]
    public void Load_NestedConditions_KeepsTheirShape()
    {
        var rule = RuleFolder.LoadRule("""
            rules:
              - id: a
                match:
                  all:
                    - any: [{ literal: a }, { regex: b }]
                    - not: { literal: c }
                    - not: [{ literal: d }, { all: [{ literal: e }, { not: { literal: f } }] }]
            """);

        var all = Assert.IsType<AllNode>(rule.Match);
        Assert.IsType<AnyNode>(all.Children[0]);
        Assert.IsType<LiteralTerm>(Assert.IsType<NotNode>(all.Children[1]).Child);
        var nested = Assert.IsType<AnyNode>(Assert.IsType<NotNode>(all.Children[2]).Child);
        Assert.IsType<NotNode>(Assert.IsType<AllNode>(nested.Children[1]).Children[1]);
    }

    [Theory]
    [InlineData("regex: a", false)]
    [InlineData("regex: a, nocase: true", true)]
    [InlineData("regex: '(?i)a'", true)]
    [InlineData("regex: '(?si)a'", true)]
    [InlineData("regex: 'a(?i)b'", false)]
    [InlineData("regex: '(?i)a', guard_nocase: false", false)]
    [InlineData("regex: a, guard_nocase: true", true)]
    public void Load_Guard_FoldsAsTheRegexUnlessTold(string term, bool folds)
    {
        var rule = RuleFolder.LoadRule($"rules: [{{ id: a, match: {{ {term}, guard: [x, y] }} }}]");

        var guards = Assert.IsType<RegexTerm>(rule.Match).Guards;
        Assert.Equal(2, guards.Length);
        Assert.All(guards, guard => Assert.Equal(folds, guard.NoCase));
    }

    [Fact]
    public void Load_Digests_AreBytes()
    {
        var digest = string.Concat(Enumerable.Repeat("0Aff", 16));
        var rule = RuleFolder.LoadRule($"rules: [{{ id: a, match: {{ sha256: ['{digest}', {digest}] }} }}]");

        var term = Assert.IsType<DigestTerm>(rule.Match);
        Assert.Equal(2, term.Digests.Length);
        Assert.Equal(Convert.FromHexString(digest), term.Digests[1].ToArray());
    }

    [Fact]
    public void Load_ManyFiles_OrdersRulesById()
    {
        using var folder = new RuleFolder();
        folder.Write("1.yaml", "rules: [{ id: b, match: { literal: x } }, { id: B, match: { literal: x } }]");
        folder.Write("2.yml", "rules: [{ id: a, match: { literal: x } }]");
        folder.Write("3.ndjson", """{"id":"a.b","kind":"literal","pattern":"x"}""");

        var result = folder.Load(["."]);

        Assert.Equal(["B", "a", "a.b", "b"], result.Rules!.Rules.Select(rule => rule.Id));
    }

    private static void AssertLiteral(string latin1, bool noCase, LiteralTerm term)
    {
        Assert.Equal(PcreText.Bytes(latin1), term.Bytes.ToArray());
        Assert.Equal(noCase, term.NoCase);
    }
}
