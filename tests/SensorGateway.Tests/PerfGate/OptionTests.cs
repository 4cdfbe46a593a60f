using SensorGateway.PerfGate.Cli;

namespace SensorGateway.Tests.PerfGate;

public sealed class OptionTests
{
    [Theory]
    [InlineData("--launches", "0")]
    [InlineData("--launches", "many")]
    [InlineData("--threshold", "0.9")]
    [InlineData("--old", "/nowhere/at/all")]
    [InlineData("--surprise", "1")]
    [InlineData("--pairs")]
    public void Parse_WithABadOption_NamesIt(params string[] args) =>
        Assert.Contains(args[0], Assert.Throws<UsageException>(() => GateOptions.Parse(args)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_OfANamedBuild_KeepsNameAndFolder()
    {
        var options = GateOptions.Parse(["--old", $"main~7={AppContext.BaseDirectory}"]);

        Assert.Equal("main~7", Assert.Single(options.Old).Name);
    }

    [Theory]
    [InlineData("", false, "harness.steady", false)]
    [InlineData("", false, "detect.a", true)]
    [InlineData("", true, "detect.a", false)]
    [InlineData("detect.*", true, "detect.a", true)]
    [InlineData("detect.a,publish.b", false, "publish.b", true)]
    [InlineData("detect.a", false, "detect.ab", false)]
    [InlineData("harness.steady", false, "harness.steady", true)]
    public void Wants_FollowsNamesStarsAndTheShortList(string names, bool quick, string scenario, bool expected)
    {
        var options = GateOptions.Parse(names.Length > 0 ? ["--scenario", names] : []) with { Quick = quick };

        Assert.Equal(expected, options.Wants(scenario, isQuick: false));
    }

    [Theory]
    [InlineData("0-3", 3)]
    [InlineData("\t0-1,7", 7)]
    [InlineData("5", 5)]
    [InlineData("", null)]
    public void LastOf_ACpuList_IsItsLastNumber(string list, int? expected) => Assert.Equal(expected, Cpus.LastOf(list));
}
