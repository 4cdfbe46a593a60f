using System.Text.RegularExpressions;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Detection;

/// <summary>The simplest correct matcher: every term of every rule, one after the other.</summary>
internal sealed class PlainLoop(RuleSet rules, bool guardsAsConditions = true)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<RegexTerm, Regex> _regexes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Rules that match; null when a regex backtracks for too long to tell.</summary>
    public int[]? Matches(byte[] payload)
    {
        try
        {
            return [.. Enumerable.Range(0, rules.Rules.Length).Where(i => Holds(rules.Rules[i].Match, payload))];
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private bool Holds(MatchNode node, byte[] payload) => node switch
    {
        AnyNode any => any.Children.Any(child => Holds(child, payload)),
        AllNode all => all.Children.All(child => Holds(child, payload)),
        NotNode not => !Holds(not.Child, payload),
        LiteralTerm { Chain.IsNone: false } literal =>
            Contains(literal, Transforms.PlainTransforms.Apply(literal.Chain, payload)),
        LiteralTerm literal => Contains(literal, payload),
        RegexTerm { Chain.IsNone: false } regex => HoldsIn(regex, Transforms.PlainTransforms.Apply(regex.Chain, payload)),
        RegexTerm regex => HoldsIn(regex, payload),
        DigestTerm digests => digests.Digests.Any(
            digest => digest.AsSpan().SequenceEqual(System.Security.Cryptography.SHA256.HashData(payload))),
        _ => throw new InvalidOperationException(),
    };

    private bool HoldsIn(RegexTerm regex, byte[] payload) =>
        GuardHolds(regex, payload) && RegexOf(regex).IsMatch(Widen(payload));

    private bool GuardHolds(RegexTerm regex, byte[] payload) =>
        !guardsAsConditions || regex.Guards.IsEmpty || regex.Guards.Any(guard => Contains(guard, payload));

    private static bool Contains(LiteralTerm literal, byte[] payload)
    {
        for (var at = 0; at + literal.Bytes.Length <= payload.Length; at++)
        {
            var i = 0;
            while (i < literal.Bytes.Length && Same(payload[at + i], literal.Bytes[i], literal.NoCase))
            {
                i++;
            }

            if (i == literal.Bytes.Length)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(byte left, byte right, bool noCase) =>
        left == right || (noCase && char.ToLowerInvariant((char)left) == char.ToLowerInvariant((char)right)
            && left < 0x80 && right < 0x80);

    private Regex RegexOf(RegexTerm term)
    {
        if (!_regexes.TryGetValue(term, out var regex))
        {
            _regexes.Add(term, regex = new Regex(term.Pattern.DotNet, BytePattern.DotNetOptions, Patience));
        }

        return regex;
    }

    private static string Widen(byte[] payload) => string.Create(payload.Length, payload, (chars, bytes) => ByteText.Widen(bytes, chars));
}
