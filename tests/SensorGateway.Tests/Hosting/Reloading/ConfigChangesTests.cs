using SensorGateway.Hosting.Reloading;
using SensorGateway.Tests.Configuration;

namespace SensorGateway.Tests.Hosting.Reloading;

public sealed class ConfigChangesTests
{
    private const string Before = """
        sources:
          - { id: field, type: tcp, listen: 127.0.0.1:7400 }
          - { id: old, type: udp, listen: 127.0.0.1:7401 }
        publishing: { auth: { user: u, password: one } }
        """;

    [Theory]
    [InlineData("", "")]
    [InlineData("log: { level: info }", "")] // Written out, but no other value.
    [InlineData("log: { level: debug }", "log.level")]
    [InlineData("rules: { paths: [a, b], watch: true }", "rules.paths, rules.watch")]
    [InlineData("ring: { slots: 8192 }", "ring.slots")]
    [InlineData("profile: low-latency", "profile, publishing.batch.max_window")]
    public void Between_NamesEveryKeyWhoseValueDiffers(string added, string changed)
    {
        var differences = ConfigChanges.Between(Configs.Load(Before), Configs.Load(Before + "\n" + added));

        Assert.Equal(changed, string.Join(", ", differences));
    }

    [Fact]
    public void Between_SeesSecretsSourcesAndWhatWasTakenAway()
    {
        var after = Before
            .Replace("one", "two", StringComparison.Ordinal)
            .Replace("7400", "7402", StringComparison.Ordinal)
            .Replace("id: old", "id: new", StringComparison.Ordinal);

        var differences = ConfigChanges.Between(Configs.Load(Before), Configs.Load(after));

        Assert.Contains("publishing.auth.password", differences);
        Assert.Contains("sources.field.listen", differences);
        Assert.Contains("sources.new.listen", differences);
        Assert.Contains("sources.old.listen", differences);
        Assert.DoesNotContain("sources.field.type", differences);
        Assert.DoesNotContain(differences, static key => key.Contains("two", StringComparison.Ordinal));
    }

    [Fact]
    public void Live_KeysExist() => Assert.All(
        ConfigChanges.Live, static key => Assert.True(SensorGateway.Configuration.Schema.ConfigSchema.ByPath.ContainsKey(key)));
}
