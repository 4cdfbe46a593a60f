using System.Net;
using SensorGateway.Configuration.Model;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Configuration.Loading;

/// <summary>Makes the typed configuration of values that have passed every check.</summary>
internal static class ConfigBinder
{
    public static GatewayConfig Bind(ConfigInput input, EffectiveValues values, IEnumerable<EffectiveValues> sources)
    {
        return new GatewayConfig
        {
            Name = values.Get<string>("gateway.name"),
            Profile = values.Get<string>("profile"),
            BaseDirectory = input.BaseDirectory,
            Sources = [.. sources.Select(source => BindSource(input, source))],
            Threads = new ThreadConfig(
                values.Get<CpuChoice>("threads.pinning"), values.Get<string>("threads.wait") == "spin"),
            Ring = new RingConfig(values.Get<int>("ring.slots"), values.Get<long>("ring.overflow")),
            Rules = new RuleConfig(
                values.GetList<string>("rules.paths"),
                values.GetList<string>("rules.hashes"),
                values.Get<string>("rules.watch") == "true"),
            Detection = new DetectionConfig(
                values.Get<int>("detection.workers") is var workers and > 0 ? workers : null,
                values.Get<string>("detection.cache.kind") == "bitfaster" ? VerdictCacheKind.BitFaster : VerdictCacheKind.Slab,
                values.Get<int>("detection.cache.entries"),
                (int)values.Get<long>("detection.cache.max_payload"),
                values.Get<TimeSpan>("detection.match_timeout")),
            Alerts = new AlertConfig(
                (int)values.Get<long>("alerts.payload_bytes"), values.Get<int>("alerts.max_rules")),
            Publishing = BindPublishing(input, values),
            TelemetryListen = values.Get<IPEndPoint>("telemetry.listen"),
            ControlSocket = FileOf(input, values, "control.socket")!,
            Log = new LogConfig(values.Get<string>("log.level"), values.Get<string>("log.format") == "json"),
        };
    }

    private static PublishingConfig BindPublishing(ConfigInput input, EffectiveValues values) => new()
    {
        Servers = values.GetList<NatsEndpoint>("publishing.servers"),
        Driver = values.Get<string>("publishing.driver") == "nats-client" ? PublishDriver.NatsClient : PublishDriver.Wire,
        User = values.GetOrNull<string>("publishing.auth.user"),
        Password = values.GetOrNull<string>("publishing.auth.password"),
        Token = values.GetOrNull<string>("publishing.auth.token"),
        NkeyFile = FileOf(input, values, "publishing.auth.nkey"),
        CredentialsFile = FileOf(input, values, "publishing.auth.creds"),
        AllowsPlaintext = values.Get<string>("publishing.auth.allow_plaintext") == "true",
        Tls = new NatsTlsOptions
        {
            Mode = values.Get<string>("publishing.tls.mode") switch
            {
                "require" => NatsTlsMode.Require,
                "handshake-first" => NatsTlsMode.HandshakeFirst,
                _ => NatsTlsMode.Off,
            },
            CaFile = FileOf(input, values, "publishing.tls.ca"),
            CertificateFile = FileOf(input, values, "publishing.tls.cert"),
            KeyFile = FileOf(input, values, "publishing.tls.key"),
        },
        Connections = values.Get<int>("publishing.connections"),
        Subject = values.Get<string>("publishing.subject"),
        Delivery = values.Get<string>("publishing.delivery") switch
        {
            "core" => NatsDelivery.Core,
            "jetstream" => NatsDelivery.JetStream,
            _ => NatsDelivery.Fenced,
        },
        Stream = values.GetOrNull<string>("publishing.stream"),
        BatchAlertsMax = values.Get<int>("publishing.batch.max_alerts"),
        BatchBytesMax = (int)values.Get<long>("publishing.batch.max_bytes"),
        BatchWindowMax = values.Get<TimeSpan>("publishing.batch.max_window"),
        UnconfirmedBytes = values.Get<long>("publishing.unconfirmed"),
        Spool = FileOf(input, values, "publishing.spool.path") is { } folder ? BindSpool(folder, values) : null,
    };

    private static SpoolOptions BindSpool(string folder, EffectiveValues values) => new()
    {
        Folder = folder,
        BytesMax = values.Get<long>("publishing.spool.max_bytes"),
        Fsync = values.Get<string>("publishing.spool.fsync") == "off" ? SpoolFsync.Off : SpoolFsync.Group,
    };

    private static string? FileOf(ConfigInput input, EffectiveValues values, string key) =>
        values.GetOrNull<string>(key) is { } path ? Path.GetFullPath(path, input.BaseDirectory) : null;

    private static SourceOptions BindSource(ConfigInput input, EffectiveValues source)
    {
        var bound = new SourceOptions
        {
            Id = source.Get<string>("id"),
            Type = source.Get<string>("type") switch
            {
                "tcp" => SourceType.Tcp,
                "unix" => SourceType.Unix,
                _ => SourceType.Udp,
            },
            Listen = source.GetOrNull<IPEndPoint>("listen"),
            Path = FileOf(input, source, "path"),
            Sensor = source.GetOrNull<string>("sensor"),
            MaxPayloadBytes = (int)source.Get<long>("max_payload"),
            Overload = source.Get<string>("overload") == "drop" ? Overload.Drop : Overload.Block,
        };

        return bound.Type == SourceType.Udp ? bound : bound with
        {
            Framing = source.Get<string>("framing") switch
            {
                "newline" => Framing.Newline,
                "octet-counted" => Framing.OctetCounted,
                _ => Framing.LengthPrefixed,
            },
            MaxConnections = source.Get<int>("max_connections"),
            IdleTimeout = source.Get<TimeSpan>("idle_timeout"),
            FrameTimeout = source.Get<TimeSpan>("frame_timeout"),
        };
    }
}
