using System.Collections.Immutable;
using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.TestKit.Gateway;

/// <summary>Rules written in code, for tests in which files are not the subject.</summary>
public static class TestRules
{
    /// <summary>What the payloads of <see cref="NumberedPayload"/> hold when they are meant to become alerts.</summary>
    public const string Evil = "EVIL";

    /// <summary>A rule of severity high that finds <see cref="Evil"/>, and a regex that does not.</summary>
    public static RuleSet Default { get; } = Set(
        Literal("test.evil", Evil),
        Regex("test.attack", "attack-[0-9]{3}", Severity.Low));

    /// <summary>A set in the order that detection wants.</summary>
    public static RuleSet Set(params IEnumerable<Rule> rules) =>
        new([.. rules.OrderBy(static rule => rule.Id, StringComparer.Ordinal)], []);

    /// <summary>A rule that finds a text.</summary>
    public static Rule Literal(string id, string text, Severity severity = Severity.High) =>
        Make(id, severity, new LiteralTerm([.. Encoding.UTF8.GetBytes(text)], NoCase: false));

    /// <summary>A rule that finds a pattern.</summary>
    public static Rule Regex(string id, string pcre, Severity severity = Severity.High) =>
        Make(id, severity, new RegexTerm(
            PcrePattern.TryParse(pcre, PcreModes.None, out var problem)
                ?? throw new ArgumentException($"{problem!.Problem}; {problem.Fix}", nameof(pcre)),
            []));

    /// <summary>
    /// A rule that never matches <see cref="NumberedPayload"/>s, yet costs a backtracking regex that takes the longer, with
    /// the cube, the longer they are: without its back references it would match them.
    /// </summary>
    public static Rule Slow(string id = "test.slow") => Regex(id, @"([a-z]+)([a-z]+)\1\2!");

    private static Rule Make(string id, Severity severity, MatchNode match) => new()
    {
        Id = id,
        Title = $"Finds {id}",
        Severity = severity,
        Tags = ["test.tag"],
        Author = "the tests",
        Match = match,
        Position = new SourcePosition("code", 1, 1),
    };
}
