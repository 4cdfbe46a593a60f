using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Pcre.Lint;
using SensorGateway.Tests.Detection;

namespace SensorGateway.Tests.Rules.Pcre.Lint;

/// <summary>A guard is called impossible only when no payload that the pattern matches holds it.</summary>
public sealed class GuardReachTests
{
    [Theory]
    [InlineData("abc", "zzz", true)] // The guard may stand beside the match.
    [InlineData("^abc", "zzz", true)]
    [InlineData("abc$", "zzz", true)]
    [InlineData("^abc$", "zzz", false)]
    [InlineData("^abc$", "bc", true)]
    [InlineData("^abc$", "c\n", true)] // '$' leaves a final LF alone.
    [InlineData("^abc$", "\n", true)]
    [InlineData("(?m)^abc$", "zzz", true)]
    [InlineData("^(?:ab)*c?$", "bab", true)]
    [InlineData("^(?:ab)*c?$", "bb", false)]
    [InlineData("^(?:ab)*c?$", "bca", false)]
    [InlineData("^a{3,5}$", "aaaaaaaa", true)] // Counts are taken for loops: a yes too many does no harm.
    [InlineData("(?i)^abc$", "BC", true)]
    [InlineData("^(?:ab$|cd$)", "bc", false)]
    [InlineData("^(?:ab$|cd)", "zz", true)]
    [InlineData(@"^(\w+)=\1$", "a=a", true)]
    [InlineData(@"^(\w+)=\1$", "==", false)]
    [InlineData("^[^;]*$", "a;b", false)]
    [InlineData("^(?=.*;)[a-z]+$", ";", false)]
    public void CanOccur_OfAGuard_IsExactWhereItSaysNo(string pcre, string guard, bool expected) =>
        Assert.Equal(expected, GuardReach.CanOccur(Root(pcre), Encoding.ASCII.GetBytes(guard), noCase: false));

    [Fact]
    public void CanOccur_OfAFoldingGuard_FoldsIt()
    {
        Assert.False(GuardReach.CanOccur(Root("^abc$"), "BC"u8, noCase: false));
        Assert.True(GuardReach.CanOccur(Root("^abc$"), "bc"u8, noCase: true));
        Assert.True(GuardReach.CanOccur(Root("^ABC$"), "bc"u8, noCase: true));
    }

    [Fact]
    public void CanOccur_OfRandomPatternsAndPayloads_NeverDeniesWhatIsThere()
    {
        var (denied, there) = (0, 0);
        for (var seed = 0; seed < 1_000; seed++)
        {
            var patterns = new RandomPatterns(seed);
            var pcre = $"^(?:{patterns.Next(plain: false).Pattern.Pcre})$";
            if (PcrePattern.TryParse(pcre, PcreModes.None, out _) is not { } pattern)
            {
                continue;
            }

            var regex = PcreText.Regex(pattern);
            for (var i = 0; i < 8; i++)
            {
                var payload = patterns.Payload(patterns.Below(6));
                denied += GuardReach.CanOccur(pattern.Root, patterns.Payload(2), noCase: false) ? 0 : 1;
                if (payload.Length == 0 || PcreText.Match(regex, payload) is null)
                {
                    continue;
                }

                there++;
                var start = patterns.Below(payload.Length);
                var guard = payload.AsSpan(start, 1 + patterns.Below(payload.Length - start));
                Assert.True(
                    GuardReach.CanOccur(pattern.Root, guard, noCase: false),
                    $"seed {seed}: {pcre} matches {Convert.ToHexString(payload)}, guard {Convert.ToHexString(guard)}");
            }
        }

        Assert.InRange(denied, 1_000, int.MaxValue);
        Assert.InRange(there, 150, int.MaxValue);
    }

    private static PcreNode Root(string pcre) => PcrePattern.TryParse(pcre, PcreModes.None, out _)!.Root;
}
