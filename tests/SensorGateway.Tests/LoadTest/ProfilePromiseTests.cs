using SensorGateway.Configuration.Schema;
using SensorGateway.LoadTest;
using SensorGateway.LoadTest.Profiles;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.Tests.LoadTest;

public sealed class ProfilePromiseTests
{
    [Fact]
    public void Profiles_AreThoseOfTheConfiguration() => Assert.Equal(ConfigProfiles.Names, ProfilePromise.Profiles);

    [Fact]
    public void Promises_AreMadeByEachProfileButTheDefault() => Assert.Equal(
        ConfigProfiles.Names.Where(name => name != ConfigProfiles.Balanced).Order(StringComparer.Ordinal),
        ProfilePromise.All.Select(promise => promise.Profile).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Judge_ComparesWithinRounds_AndOnlyWhereSomethingIsPromised()
    {
        RunResult[] runs =
        [
            Run("balanced", 1000, 1, 100), Run("low-latency", 1000, 1, 10),
            Run("balanced", 100_000, 1, 100), Run("low-latency", 100_000, 1, 50),
            Run("balanced", 100_000, 2, 1000), Run("low-latency", 100_000, 2, 900),
            Run("balanced", 100_000, 3, 10), Run("low-latency", 100_000, 3, 11),
        ];

        Assert.Equal(
            ["wins  low-latency     100,000/s  p50_us 0.900 of balanced's, less in 2 of 3 rounds"],
            ProfilePromise.All[0].Judge(runs));
        Assert.Equal(
            ["LOSES high-throughput       max  payloads_per_second 0.500 of balanced's, more in 0 of 1 rounds"],
            ProfilePromise.All[2].Judge([Run("balanced", null, 1, 100), Run("high-throughput", null, 1, 50)]));
        Assert.Empty(ProfilePromise.All[2].Judge(runs));
    }

    [Fact]
    public void Options_WithProfiles_RunThreeRatesThreeTimes()
    {
        var options = Options.Parse(["--profiles"]);

        Assert.Equal([1000, 100_000, null], options.Rates);
        Assert.Equal(3, options.RoundCount);
        Assert.Equal([10_000], new Options().Rates);
        Assert.Throws<UsageException>(() => Options.Parse(["--profiles", "--rival"]));
    }

    private static RunResult Run(string profile, int? rate, int round, double figure) =>
        Runs.Of(profile, rate, round) with { PayloadsPerSecond = figure, P50Us = figure };
}
