using System.Collections.Immutable;
using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Detection;

/// <summary>Short ways to write rules in tests.</summary>
internal static class RuleSamples
{
    public static RuleSet Set(params (string Id, MatchNode Match)[] rules) => new(
        [
            .. rules.OrderBy(rule => rule.Id, StringComparer.Ordinal)
                .Select(rule => new Rule { Id = rule.Id, Title = rule.Id, Match = rule.Match, Position = default }),
        ],
        []);

    public static LiteralTerm Literal(string text, bool noCase = false) => new(Bytes(text), noCase);

    public static RegexTerm Regex(string pattern, PcreModes modes = PcreModes.None, params LiteralTerm[] guards)
    {
        var parsed = PcrePattern.TryParse(pattern, modes, out var problem);
        Assert.True(parsed is not null, problem?.Problem);
        return new RegexTerm(parsed, [.. guards]);
    }

    public static ImmutableArray<byte> Bytes(string text) => [.. Encoding.Latin1.GetBytes(text)];

    public static byte[] Payload(string text) => Encoding.Latin1.GetBytes(text);
}
