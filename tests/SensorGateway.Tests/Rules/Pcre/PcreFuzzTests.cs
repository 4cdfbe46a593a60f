using FsCheck;
using FsCheck.Fluent;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Pcre;

public sealed class PcreFuzzTests
{
    private const string Special = @"()[]{}*+?|^$.\-:<>=!#,'&PRKkgxopbQEdwsi019a" + "\n\0é\uD83D\uDE00";

    [Fact]
    public void TryParse_AnyString_AnswersWithAPatternOrAProblem() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        text => IsAnswered(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void TryParse_AnyMixOfSpecialCharacters_AnswersWithAPatternOrAProblem()
    {
        for (var seed = 0; seed < 60_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Special[random.Next(Special.Length)]));

            Assert.True(IsAnswered(text), text);
        }
    }

    /// <summary>Either a pattern that .NET constructs, or a problem with a place inside the text.</summary>
    private static bool IsAnswered(string text)
    {
        var modes = (PcreModes)(text.Length % 16);
        var pattern = PcrePattern.TryParse(text, modes, out var problem);
        return pattern is not null
            ? problem is null && PcreText.Regex(pattern) is not null
            : problem is not null && problem.Offset >= 0 && problem.Offset <= text.Length && problem.Fix.Length > 0;
    }
}
