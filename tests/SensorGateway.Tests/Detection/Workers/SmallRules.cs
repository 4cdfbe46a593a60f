using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Detection.Workers;

/// <summary>Rule sets built in code.</summary>
internal static class SmallRules
{
    public static RuleSet Attacks { get; } = Of(
        Literal("a.script", "<script", Severity.High),
        Literal("b.passwd", "/etc/passwd", Severity.Critical),
        Regex("c.union", @"(?i)union\s+select", Severity.Medium),
        Literal("d.probe", "probe", Severity.Low));

    public static RuleSet Of(params Rule[] rules) => new([.. rules.OrderBy(rule => rule.Id, StringComparer.Ordinal)], []);

    public static RuleSet WithHash(RuleSet rules, string name, string label, ReadOnlySpan<byte> payload) =>
        rules with { HashLists = [new HashList(name, SHA256.HashData(payload), [label])] };

    public static Rule Literal(string id, string text, Severity severity) =>
        Rule(id, severity, new LiteralTerm([.. Encoding.UTF8.GetBytes(text)], NoCase: false));

    public static Rule Regex(string id, string pattern, Severity severity) => Rule(
        id, severity, new RegexTerm(PcrePattern.TryParse(pattern, PcreModes.None, out _)!, ImmutableArray<LiteralTerm>.Empty));

    public static Rule Suppressed(Rule rule, TimeSpan window) => rule with { SuppressFor = window };

    private static Rule Rule(string id, Severity severity, MatchNode match) => new()
    {
        Id = id,
        Title = "Rule " + id,
        Severity = severity,
        Match = match,
        Position = new SourcePosition("test", 1, 1),
    };
}
