using SensorGateway.Hosting;
using SensorGateway.Pipeline;
using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.Tests.Configuration;

/// <summary>Choices that only builds with the upstream packages have; both flavours run these tests.</summary>
public sealed class UpstreamChoiceTests
{
    [Theory]
    [InlineData("publishing.driver=nats-client", "--set publishing.driver: publishing.driver is nats-client, which is not in this build; use wire, or build the gateway with dotnet build -p:UpstreamPackages=true.")]
    [InlineData("detection.cache.kind=bitfaster", "--set detection.cache.kind: detection.cache.kind is bitfaster, which is not in this build; use slab, or build the gateway with dotnet build -p:UpstreamPackages=true.")]
    public void Load_WithAnUpstreamChoice_IsRefusedWithTheBuildPropertyOrTaken(string set, string refusal) =>
        Assert.Equal(UpstreamPackages.AreBuiltIn ? [] : [refusal], Configs.Problems(Configs.OneSource, set));

    [Fact]
    public void Load_WithAnUnknownDriver_NamesBoth() =>
        Assert.Equal(
            ["--set publishing.driver: publishing.driver is 'nats'; use one of wire, nats-client."],
            Configs.Problems(Configs.OneSource, "publishing.driver=nats"));

    [Fact]
    public void ToOptions_WithUpstreamChoices_HandsThemOn()
    {
        if (!UpstreamPackages.AreBuiltIn)
        {
            var options = Configs.Load(Configs.OneSource).Config!.ToOptions();
            Assert.Equal(PublishDriver.Wire, options.Publishing.Driver);
            Assert.Equal(VerdictCacheKind.Slab, options.Detection.CacheKind);
            return;
        }

        var chosen = Configs.Load(
            Configs.OneSource, "publishing.driver=nats-client", "detection.cache.kind=bitfaster").Config!.ToOptions();
        Assert.Equal(PublishDriver.NatsClient, chosen.Publishing.Driver);
        Assert.Equal(VerdictCacheKind.BitFaster, chosen.Detection.CacheKind);
    }

    [Fact]
    public void Load_WithWhatTheClientDriverCannotDo_SaysSo()
    {
        var problems = Configs.Problems(Configs.OneSource, "publishing.driver=nats-client", "publishing.delivery=jetstream");

        Assert.Equal(
            UpstreamPackages.AreBuiltIn
                ? "--set publishing.driver: publishing.driver is nats-client, which has no delivery jetstream; use wire."
                : "--set publishing.driver: publishing.driver is nats-client, which is not in this build; use wire, or "
                    + "build the gateway with dotnet build -p:UpstreamPackages=true.",
            Assert.Single(problems));
    }

    [Theory]
    [InlineData("publishing.tls.mode=require")]
    [InlineData("publishing.tls.mode=handshake-first")]
    [InlineData("publishing.servers=[tls://h]")]
    [InlineData("publishing.auth.nkey=gateway.nk")]
    [InlineData("publishing.auth.creds=gateway.creds")]
    public void Load_WithWhatEveryDriverCanDo_IsTakenWhereTheDriverIs(string set) => Assert.Equal(
        UpstreamPackages.AreBuiltIn ? 0 : 1,
        Configs.Problems(Configs.OneSource, "publishing.driver=nats-client", set).Length);
}
