using System.Collections.Immutable;
using System.Globalization;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Detection;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>A payload of 4 KiB made to be slow.</summary>
/// <param name="Name">What it holds.</param>
/// <param name="Bytes">The payload.</param>
internal sealed record CraftedPayload(string Name, byte[] Bytes);

/// <summary>
/// Payloads of 4 KiB made to be slow: long runs, inputs that backtracking matchers do not end on, and literals and guards
/// of the rules, whole and nearly whole.
/// </summary>
internal static class CraftedPayloads
{
    /// <summary>Bytes of each.</summary>
    public const int Bytes = 4096;

    private const int LiteralsPerPayload = 40;

    private static readonly string[] Runs =
        ["a", "A1", " ", "0", "\r\n", "/", "../", "<a ", "\"'", "(", "a=b&", "%2e", "\\u0041", "\0", "\xff"];

    // Of the seeded payloads, those on which a rule of the corpora backtracks for minutes.
    private static readonly int[] SlowSeeded = [2, 247, 368, 568, 878, 1023, 1214, 1396];

    /// <summary>Payloads against one rule set, the same at every run.</summary>
    public static IReadOnlyList<CraftedPayload> For(RuleSet rules)
    {
        var payloads = new List<CraftedPayload>();
        foreach (var unit in Runs)
        {
            byte[] bytes = [.. unit.Select(each => (byte)each)];
            payloads.Add(new("run of " + Escape(unit), Repeat(bytes)));
            payloads.Add(new("run of " + Escape(unit) + ", spoilt at the end", [.. Repeat(bytes)[..^1], (byte)'!']));
        }

        var seeded = Corpora.Payloads("seeded");
        foreach (var number in SlowSeeded)
        {
            payloads.Add(new(string.Create(CultureInfo.InvariantCulture, $"seeded {number}"), Repeat(seeded[number])));
        }

        var literals = rules.Rules.SelectMany(rule => Literals(rule.Match)).Distinct().ToList();
        for (var first = 0; first < Math.Min(literals.Count, 50 * LiteralsPerPayload); first += LiteralsPerPayload)
        {
            var some = literals.Skip(first).Take(LiteralsPerPayload).ToList();
            var name = string.Create(CultureInfo.InvariantCulture, $"literals from {first}");
            payloads.Add(new(name, Repeat([.. some.SelectMany(literal => literal.Bytes)])));
            payloads.Add(new(
                name + ", near",
                Repeat([.. some.SelectMany(literal => literal.Bytes.SetItem(literal.Bytes.Length - 1, 0))])));
        }

        return payloads;
    }

    /// <summary>Payloads as they come, one behind the other and cut into pieces of the same size.</summary>
    public static IReadOnlyList<byte[]> InPieces(IEnumerable<byte[]> payloads) =>
        [.. payloads.SelectMany(payload => payload).Chunk(Bytes).Where(piece => piece.Length == Bytes)];

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

    private static string Escape(string text) => string.Concat(text.Select(each =>
        each is > ' ' and < '\x7f' ? each.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{(int)each:x2}")));
}
