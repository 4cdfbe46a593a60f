using System.Collections.Immutable;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>Payloads of 4 KiB made to be slow: long runs, and literals and guards of the rules, whole and nearly whole.</summary>
internal static class CraftedPayloads
{
    private const int Bytes = 4096;
    private const int LiteralsPerPayload = 40;

    /// <summary>Payloads against one rule set, the same at every run.</summary>
    public static IReadOnlyList<byte[]> For(RuleSet rules)
    {
        var payloads = new List<byte[]>();
        foreach (var unit in (string[])["a", "A1", " ", "0", "\r\n", "/", "../", "<a ", "\"'", "(", "a=b&", "%2e", "\\u0041", "\0", "\xff"])
        {
            payloads.Add(Repeat([.. unit.Select(each => (byte)each)]));
        }

        var literals = rules.Rules.SelectMany(rule => Literals(rule.Match)).Distinct().ToList();
        for (var first = 0; first < Math.Min(literals.Count, 50 * LiteralsPerPayload); first += LiteralsPerPayload)
        {
            var some = literals.Skip(first).Take(LiteralsPerPayload).ToList();
            payloads.Add(Repeat([.. some.SelectMany(literal => literal.Bytes)]));
            payloads.Add(Repeat([.. some.SelectMany(literal => literal.Bytes.SetItem(literal.Bytes.Length - 1, 0))]));
        }

        return payloads;
    }

    private static ImmutableArray<LiteralTerm> Literals(MatchNode match) => match switch
    {
        LiteralTerm literal => [literal],
        RegexTerm regex => regex.Guards,
        _ => [],
    };

    private static byte[] Repeat(byte[] unit)
    {
        var payload = new byte[Bytes];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = unit[i % unit.Length];
        }

        return payload;
    }
}
