using SensorGateway.Configuration.Model;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Hosting;

/// <summary>From what the user wrote to what the pipeline takes.</summary>
internal static class GatewayOptionsMapping
{
    public static GatewayOptions ToOptions(this GatewayConfig config) => new()
    {
        Sources = config.Sources,
        Nats = new NatsOptions
        {
            Servers = config.Publishing.Servers,
            ClientName = $"sensor-gateway {config.Name}",
            User = config.Publishing.User,
            Password = config.Publishing.Password,
            Token = config.Publishing.Token,
            NkeyFile = config.Publishing.NkeyFile,
            CredentialsFile = config.Publishing.CredentialsFile,
            AllowPlaintextCredentials = config.Publishing.AllowsPlaintext,
            Tls = config.Publishing.Tls,
            Delivery = config.Publishing.Delivery,
            ExpectedStream = config.Publishing.Stream,
        },
        Alerts = new AlertOptions
        {
            Gateway = config.Name,
            Subject = config.Publishing.Subject,
            PayloadBytesMax = config.Alerts.PayloadBytesMax,
            RulesMax = config.Alerts.RulesMax,
        },
        Publishing = new PublishingOptions
        {
            Driver = config.Publishing.Driver,
            Connections = config.Publishing.Connections,
            BatchAlertsMax = config.Publishing.BatchAlertsMax,
            BatchBytesMax = config.Publishing.BatchBytesMax,
            BatchWindowMax = config.Publishing.BatchWindowMax,
            UnconfirmedBytesMax = config.Publishing.UnconfirmedBytes,
        },
        Spool = config.Publishing.Spool,
        Detection = new DetectionOptions
        {
            CacheKind = config.Detection.CacheKind,
            CacheEntries = config.Detection.CacheEntries,
            CachePayloadBytesMax = config.Detection.CachePayloadBytesMax,
            MatchTimeout = config.Detection.MatchTimeout,
        },
        DetectionWorkers = config.Detection.Workers ?? 0,
        PricingTime = TimeSpan.FromMilliseconds(300),
        RingBytes = config.Ring.CapacityBytes,
        Threads = new ThreadOptions
        {
            Pinning = config.Threads.Pinning.Mode,
            Cpus = config.Threads.Pinning.Cpus,
            Spin = config.Threads.NeverPark,
        },
    };
}
