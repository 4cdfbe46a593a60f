using System.Collections.Immutable;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Configuration.Model;

/// <summary>How alerts leave the gateway. Immutable.</summary>
public sealed record PublishingConfig
{
    /// <summary>At least one.</summary>
    public required ImmutableArray<NatsEndpoint> Servers { get; init; }

    /// <summary>Which client carries alerts.</summary>
    public PublishDriver Driver { get; init; }

    /// <summary>User name; null without.</summary>
    public string? User { get; init; }

    /// <summary>Secret.</summary>
    public string? Password { get; init; }

    /// <summary>Secret; instead of user and password.</summary>
    public string? Token { get; init; }

    /// <summary>File with an nkey seed; null without.</summary>
    public string? NkeyFile { get; init; }

    /// <summary>File with a JWT and its seed; null without.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Whether secrets may cross a network unencrypted.</summary>
    public bool AllowsPlaintext { get; init; }

    /// <summary>How to encrypt.</summary>
    public NatsTlsOptions Tls { get; init; } = NatsTlsOptions.None;

    /// <summary>4 to 8.</summary>
    public required int Connections { get; init; }

    /// <summary>Template such as <c>alerts.{severity}.{sensor}</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>When an alert counts as delivered.</summary>
    public required NatsDelivery Delivery { get; init; }

    /// <summary>The only stream that may store alerts; null for whichever covers the subject.</summary>
    public string? Stream { get; init; }

    /// <summary>Most alerts in one batch.</summary>
    public required int BatchAlertsMax { get; init; }

    /// <summary>Most bytes in one batch.</summary>
    public required int BatchBytesMax { get; init; }

    /// <summary>Longest time an alert waits for company.</summary>
    public required TimeSpan BatchWindowMax { get; init; }

    /// <summary>Memory for alerts that no server has confirmed, all connections together.</summary>
    public required long UnconfirmedBytes { get; init; }

    /// <summary>Where alerts are stored that NATS does not take; null for memory alone.</summary>
    public SpoolOptions? Spool { get; init; }

    /// <summary>Never shows the secrets.</summary>
    public override string ToString() => $"{string.Join(',', Servers)} {Delivery}";
}
