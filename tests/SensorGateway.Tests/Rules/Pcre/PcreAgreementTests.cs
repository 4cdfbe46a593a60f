using SensorGateway.Rules.Pcre;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Rules.Pcre;

/// <summary>Random patterns on random payloads: our translation run by .NET against PCRE2 itself.</summary>
public sealed class PcreAgreementTests(ITestOutputHelper output)
{
    private const int Patterns = 8_000;
    private const int PayloadsEach = 10;

    [Fact]
    public void Translate_RandomPatterns_MatchesWhereAndHowLongPcre2Does()
    {
        if (!Pcre2.IsInstalled)
        {
            output.WriteLine("SKIPPED: no libpcre2-8 10.42 on this machine.");
            return;
        }

        var compared = 0;
        for (var seed = 0; seed < Patterns; seed++)
        {
            var random = new Random(seed);
            var pcre = RandomPattern.Next(random);
            using var judge = Pcre2.Compile(pcre);
            if (judge is not null && PcrePattern.TryParse(pcre, PcreModes.None, out _) is { } pattern)
            {
                Compare(pcre, judge, PcreText.Regex(pattern), random);
                compared++;
            }
        }

        Assert.True(compared > Patterns / 3, $"only {compared} patterns were taken by both");
    }

    [Fact]
    public void TryParse_RandomPatterns_TakesNoneThatPcre2Refuses()
    {
        if (!Pcre2.IsInstalled)
        {
            output.WriteLine("SKIPPED: no libpcre2-8 10.42 on this machine.");
            return;
        }

        for (var seed = 0; seed < Patterns; seed++)
        {
            var pcre = RandomPattern.Next(new Random(seed));
            using var judge = Pcre2.Compile(pcre);

            // Look-behinds of bounded variable length are PCRE2 10.43's; the installed version may be older.
            if (judge is null && !pcre.Contains("(?<", StringComparison.Ordinal))
            {
                Assert.Null(PcrePattern.TryParse(pcre, PcreModes.None, out _));
            }
        }
    }

    [Fact]
    public void Translate_EveryEscapeAndClass_HoldsTheSame256Bytes()
    {
        if (!Pcre2.IsInstalled)
        {
            output.WriteLine("SKIPPED: no libpcre2-8 10.42 on this machine.");
            return;
        }

        string[] posix = ["alpha", "digit", "alnum", "upper", "lower", "punct", "space", "blank", "xdigit", "cntrl", "graph", "print", "ascii", "word"];
        string[] classes =
        [
            .. "dDwWsShHvVN".Select(letter => $@"\{letter}"), ".", "(?s:.)", @"[\--9]", @"[a-\x{80}]", "[é]", "[^é]", @"[\x00-\x1f\x7f-\xff]", "[^A-Z]",
            .. posix.Select(name => $"[[:{name}:]]"), .. posix.Select(name => $"[[:^{name}:]x]"), .. posix.Select(name => $"[^[:{name}:]]"),
        ];
        foreach (var pcre in classes.SelectMany(text => new[] { $"^{text}$", $"(?i)^{text}$" }))
        {
            using var judge = Pcre2.Compile(pcre)!;
            var regex = PcreText.Regex(PcreText.Parse(pcre));
            for (var value = 0; value < 256; value++)
            {
                Assert.True(judge.TryMatch([(byte)value], out var expected));
                Assert.True(expected == PcreText.Match(regex, [(byte)value]), $"{pcre} on byte {value:X2}");
            }
        }
    }

    private static void Compare(string pcre, Pcre2 judge, System.Text.RegularExpressions.Regex regex, Random random)
    {
        for (var i = 0; i < PayloadsEach; i++)
        {
            var payload = RandomPattern.Payload(random);
            if (judge.TryMatch(payload, out var expected))
            {
                var actual = PcreText.Match(regex, payload);
                Assert.True(expected == actual, $"{pcre} -> {regex} on {Convert.ToHexString(payload)}: PCRE2 {expected}, ours {actual}");
            }
        }
    }
}
