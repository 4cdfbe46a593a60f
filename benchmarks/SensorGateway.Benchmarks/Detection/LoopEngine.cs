using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>
/// The plain program: one .NET regex per rule, tried one after the other; guards are asked after a match.
/// </summary>
internal sealed class LoopEngine : IMatchEngine
{
    private readonly (Regex Regex, Regex[] Guards)[] _rules;
    private readonly char[] _chars = new char[64 * 1024];

    public LoopEngine(RuleSet rules, RegexOptions kind, bool guards)
    {
        var clock = Stopwatch.StartNew();
        PayloadsMax = rules.Rules.Length > 200 ? 60 : 300;
        _rules = [.. rules.Rules.Select(rule => Compile(rule.Match, kind, guards))];
        LoadMs = clock.Elapsed.TotalMilliseconds;
        var others = _rules.Count(rule => (rule.Regex.Options & kind) == 0);
        Name = others == 0 ? $".NET loop, {kind}" : $".NET loop, {kind} -{others}";
    }

    /// <summary>With the number of rules that this kind of regex cannot take, which are compiled ones instead.</summary>
    public string Name { get; }

    public double LoadMs { get; }

    public int PayloadsMax { get; }

    public int Matches(byte[] payload)
    {
        ByteText.Widen(payload, _chars);
        var text = _chars.AsSpan(0, payload.Length);
        var matches = 0;
        foreach (var (regex, guards) in _rules)
        {
            if (regex.IsMatch(text) && (guards.Length == 0 || AnyMatch(guards, text)))
            {
                matches++;
            }
        }

        return matches;
    }

    public void Dispose()
    {
    }

    private static bool AnyMatch(Regex[] guards, ReadOnlySpan<char> text)
    {
        foreach (var guard in guards)
        {
            if (guard.IsMatch(text))
            {
                return true;
            }
        }

        return false;
    }

    private static (Regex, Regex[]) Compile(MatchNode match, RegexOptions kind, bool guards) => match switch
    {
        RegexTerm regex => (
            Compile(regex.Pattern.DotNet, kind),
            guards ? [.. regex.Guards.Select(guard => Compile(guard, kind))] : []),
        LiteralTerm literal => (Compile(literal, kind), []),
        _ => throw new ArgumentException("The corpora hold regexes and literals only.", nameof(match)),
    };

    private static Regex Compile(string pattern, RegexOptions kind)
    {
        try
        {
            return new Regex(pattern, BytePattern.DotNetOptions | kind);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, BytePattern.DotNetOptions | RegexOptions.Compiled);
        }
    }

    private static Regex Compile(LiteralTerm literal, RegexOptions kind)
    {
        var pattern = new StringBuilder();
        foreach (var value in literal.Bytes)
        {
            var either = literal.NoCase && char.IsAsciiLetter((char)value) ? $"[{char.ToLowerInvariant((char)value)}{char.ToUpperInvariant((char)value)}]" : null;
            pattern.Append(either ?? $"\\u{(int)ByteText.Widen(value):X4}");
        }

        return new Regex(pattern.ToString(), BytePattern.DotNetOptions | kind);
    }
}
