using System.Net;
using SensorGateway.Configuration.Model;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.Tests.Configuration;

public sealed class ConfigLoaderTests
{
    [Fact]
    public void Load_WithOneSource_FillsInEveryDefault()
    {
        var config = Configs.Load(Configs.OneSource).Config!;

        Assert.Equal("edge-1", config.Name);
        Assert.Equal("balanced", config.Profile);
        Assert.Equal(4096 * 1024L + 16 * 1024 * 1024, config.Ring.CapacityBytes);
        Assert.Equal(new DetectionConfig(null, VerdictCacheKind.Slab, 1000, 4096, TimeSpan.FromMilliseconds(10)), config.Detection);
        Assert.Equal(new AlertConfig(1024, 32), config.Alerts);
        Assert.Equal([new NatsEndpoint("127.0.0.1", 4222)], config.Publishing.Servers.AsEnumerable());
        Assert.Equal(PublishDriver.Wire, config.Publishing.Driver);
        Assert.Equal(4, config.Publishing.Connections);
        Assert.Equal("alerts.{severity}.{sensor}", config.Publishing.Subject);
        Assert.Equal(NatsDelivery.Fenced, config.Publishing.Delivery);
        Assert.Equal(TimeSpan.FromMicroseconds(250), config.Publishing.BatchWindowMax);
        Assert.Equal(32L * 1024 * 1024, config.Publishing.UnconfirmedBytes);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:9464"), config.TelemetryListen);
        Assert.Equal(new LogConfig("info", false), config.Log);
        Assert.Equal(["rules/"], config.Rules.Paths.AsEnumerable());
        Assert.Empty(config.Rules.Hashes);
    }

    [Fact]
    public void Load_WithEveryKindOfSource_BindsTheirOptions()
    {
        var config = Configs.Load(
            """
            sources:
              - { id: field, type: tcp, listen: "[::1]:7400", framing: octet-counted, sensor: "plc-{peer_ip}", max_payload: 4KiB,
                  max_connections: 10, idle_timeout: 5m, frame_timeout: 0ms, overload: drop }
              - { id: local, type: unix, path: in.sock, framing: newline, sensor: local }
              - { id: beacons, type: udp, listen: 0.0.0.0:7401 }
            """).Config!;

        Assert.Equal(
            [
                new SourceOptions
                {
                    Id = "field", Type = SourceType.Tcp, Listen = IPEndPoint.Parse("[::1]:7400"), Framing = Framing.OctetCounted,
                    Sensor = "plc-{peer_ip}", MaxPayloadBytes = 4096, MaxConnections = 10, IdleTimeout = TimeSpan.FromMinutes(5),
                    FrameTimeout = TimeSpan.Zero, Overload = Overload.Drop,
                },
                new SourceOptions
                {
                    Id = "local", Type = SourceType.Unix, Path = "/etc/sensor-gateway/in.sock", Framing = Framing.Newline, Sensor = "local",
                },
                new SourceOptions { Id = "beacons", Type = SourceType.Udp, Listen = IPEndPoint.Parse("0.0.0.0:7401"), Overload = Overload.Drop },
            ],
            config.Sources.AsEnumerable());
    }

    [Fact]
    public void Load_WithAllLayers_TakesFlagBeforeEnvironmentBeforeFileBeforeProfile()
    {
        var text = Configs.OneSource + "profile: high-throughput\nring: { slots: 100 }\npublishing: { connections: 5, delivery: core }\nlog: { level: warn }\n";
        var environment = new Dictionary<string, string>
        {
            ["SENSORGATEWAY__PUBLISHING__CONNECTIONS"] = "6",
            ["SENSORGATEWAY__PUBLISHING__DELIVERY"] = "fenced",
            ["SENSORGATEWAY_CORPORA"] = "not a key: one underscore",
        };
        var loaded = Configs.Load(text, environment, "publishing.connections=7");

        Assert.Empty(loaded.Problems);
        string Of(string path) => $"{loaded.Settings.Find(path)!.Shown} from {loaded.Settings.Find(path)!.Origin}";
        Assert.Equal("7 from --set", Of("publishing.connections"));
        Assert.Equal("fenced from SENSORGATEWAY__PUBLISHING__DELIVERY", Of("publishing.delivery"));
        Assert.Equal("100 from gateway.yaml:3", Of("ring.slots"));
        Assert.Equal("48MiB from profile high-throughput", Of("ring.overflow"));
        Assert.Equal("32 from default", Of("alerts.max_rules"));
    }

    [Fact]
    public void Load_WithOverridesOfSources_AddressesThemById()
    {
        var text = "sources: [ { id: field-tcp, type: tcp, listen: 127.0.0.1:7400 }, { id: b, type: udp, listen: 127.0.0.1:7401 } ]";
        var environment = new Dictionary<string, string> { ["SENSORGATEWAY__SOURCES__FIELD_TCP__MAX_PAYLOAD"] = "1KiB" };
        var config = Configs.Load(text, environment, "sources.field-tcp.listen=127.0.0.1:0", "sources.b.sensor=x").Config!;

        Assert.Equal(0, config.Sources[0].Listen!.Port);
        Assert.Equal(1024, config.Sources[0].MaxPayloadBytes);
        Assert.Equal("x", config.Sources[1].Sensor);
    }

    [Fact]
    public void Load_WithListsInFlags_ReadsThem()
    {
        var config = Configs.Load(
            Configs.OneSource, "rules.paths=[a/, \"b c.yaml\"]", "rules.hashes=ioc.txt", "threads.pinning=[0, 1]").Config!;

        Assert.Equal(["a/", "b c.yaml"], config.Rules.Paths.AsEnumerable());
        Assert.Equal(["ioc.txt"], config.Rules.Hashes.AsEnumerable());
        Assert.Equal(Pinning.Listed, config.Threads.Pinning.Mode);
        Assert.Equal([0, 1], config.Threads.Pinning.Cpus.AsEnumerable());
    }

    [Fact]
    public void Load_WithReferences_ReplacesThem()
    {
        var environment = new Dictionary<string, string> { ["PORT"] = "7777", ["EMPTY"] = "" };
        var config = Configs.Load(
            """
            gateway: { name: "${EMPTY:-edge}-${SITE:-1}" }
            sources: [ { id: a, type: tcp, listen: "127.0.0.1:${PORT}" } ]
            publishing: { auth: { user: "u$${x}", password: "${PORT:?the password}" } }
            """,
            environment).Config!;

        Assert.Equal("edge-1", config.Name);
        Assert.Equal(7777, config.Sources[0].Listen!.Port);
        Assert.Equal("u${x}", config.Publishing.User);
        Assert.Equal("7777", config.Publishing.Password);
    }

    [Fact]
    public void Load_WithSecretFile_ReadsItWithoutItsLastNewline()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "secret"), "s3cr3t\n");
            var path = Path.Combine(folder.FullName, "gateway.yaml");
            File.WriteAllText(path, Configs.OneSource + "publishing: { auth: { token: \"${file:secret}\" } }\n");

            var loaded = SensorGateway.Configuration.Loading.ConfigLoader.LoadFile(path, []);

            Assert.Equal("s3cr3t", loaded.Config!.Publishing.Token);
            Assert.Equal("\"${file:secret}\"", loaded.Settings.Find("publishing.auth.token")!.Shown);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void LoadFile_WithoutFile_SaysSo()
    {
        var loaded = SensorGateway.Configuration.Loading.ConfigLoader.LoadFile("/nowhere/gateway.yaml", []);

        Assert.Equal(
            "/nowhere/gateway.yaml: the file cannot be read (no such folder); name another with -c; a commented sample, "
            + "gateway.yaml, lies beside the program.",
            Assert.Single(loaded.Problems).ToString());
    }
}
