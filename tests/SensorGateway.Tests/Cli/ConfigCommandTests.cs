using SensorGateway.Configuration.Schema;

namespace SensorGateway.Tests.Cli;

public sealed class ConfigCommandTests
{
    [Fact]
    public async Task DiffProfile_OfAll_HasALineForEachKeyThatDiffers()
    {
        var (exitCode, output, error) = await CommandRunner.RunAsync("config", "show", "--diff-profile");

        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(["key", .. ConfigProfiles.Names], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            ConfigProfiles.Names.SelectMany(name => ConfigProfiles.Of(name).Keys).Distinct().Order(StringComparer.Ordinal),
            lines[1..].Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^ring.slots +4096 +4096 +16384 +512$"));
    }

    [Fact]
    public async Task DiffProfile_OfTwo_HasOnlyWhatDiffersBetweenThem()
    {
        var (_, output, _) = await CommandRunner.RunAsync("config", "show", "--diff-profile", "balanced", "low-latency");

        Assert.Equal("key                          balanced  low-latency\npublishing.batch.max_window  250us     0ms\n", output);
    }

    [Theory]
    [InlineData("--diff-profile names one profile; name two, or none for all.\n", "balanced")]
    [InlineData("--diff-profile: there is no profile 'fast'; use two of low-latency, balanced, high-throughput, low-resource.\n", "fast", "balanced")]
    public async Task DiffProfile_OfWrongNames_SaysHow(string message, params string[] names)
    {
        var (exitCode, _, error) = await CommandRunner.RunAsync(["config", "show", "--diff-profile", .. names]);

        Assert.Equal((64, message), (exitCode, error));
    }

    [Fact]
    public async Task Help_OfEveryCommand_HasAnExample()
    {
        var verbs = new List<string[]>();
        var script = (await CommandRunner.RunAsync("completion", "bash")).Out;
        foreach (System.Text.RegularExpressions.Match path in System.Text.RegularExpressions.Regex.Matches(script, "\"(/[a-z/-]+)\"\\)"))
        {
            verbs.Add(path.Groups[1].Value[1..].Split('/'));
        }

        Assert.True(verbs.Count > 10);
        foreach (var verb in verbs)
        {
            var (exitCode, output, _) = await CommandRunner.RunAsync([.. verb, "--help"]);

            Assert.Equal(0, exitCode);
            Assert.True(output.Contains("Example", StringComparison.Ordinal), $"{string.Join(' ', verb)} --help has no example");
        }
    }
}
