using System.Net;
using System.Net.Sockets;
using NATS.Client.Core;
using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>From the gateway's options to the library's, and from its errors to ours.</summary>
internal static class ClientLogin
{
    /// <summary>What the buffer of the library may hold unsent; more keeps the server busy while we wait for room.</summary>
    private const int WriterBufferBytes = 256 * 1024;

    /// <summary>Why the driver cannot do what the options ask; null when it can.</summary>
    public static string? Objection(NatsOptions options) => options switch
    {
        { Delivery: NatsDelivery.JetStream } => "the driver nats-client has no delivery jetstream; use core, fenced or the driver wire",
        { NkeyFile: not null } or { CredentialsFile: not null } =>
            "the driver nats-client logs in with user and password or a token only; use the driver wire",
        { Tls.Mode: not NatsTlsMode.Off } => NoTls,
        _ when options.Servers.Any(static server => server.RequiresTls) => NoTls,
        _ => null,
    };

    /// <summary>The address to dial, checked: a secret in the clear goes to this machine only, unless allowed.</summary>
    /// <exception cref="NatsException">There is none, or none that may be used.</exception>
    public static async Task<IPAddress> ResolveAsync(NatsEndpoint endpoint, NatsOptions options)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(endpoint.Host, out var address)
                ? [address]
                : await Dns.GetHostAddressesAsync(endpoint.Host).ConfigureAwait(false);
        }
        catch (SocketException problem)
        {
            throw new SensorGateway.Nats.NatsException(
                $"{endpoint}: cannot resolve the host name: {problem.Message}", problem);
        }

        var credentials = CredentialsFor(endpoint, options);
        var mayLeave = options.AllowPlaintextCredentials || credentials.IsEmpty;
        return Array.Find(addresses, address => mayLeave || IPAddress.IsLoopback(address))
            ?? throw new SensorGateway.Nats.NatsException(addresses.Length == 0
                ? $"{endpoint}: the host name has no address; check the spelling"
                : $"{endpoint}: a password or token would travel unencrypted to {addresses[0]}; use the driver wire with TLS, "
                    + "or allow plaintext credentials by name") { IsRefused = true };
    }

    public static NatsOpts OptionsFor(NatsEndpoint endpoint, NatsOptions options)
    {
        var credentials = CredentialsFor(endpoint, options);
        return new NatsOpts
        {
            Url = endpoint.ToString(),
            Name = options.ClientName,
            AuthOpts = new NatsAuthOpts
            {
                Username = credentials.User,
                Password = credentials.Password,
                Token = credentials.Token,
            },
            TlsOpts = new NatsTlsOpts { Mode = TlsMode.Disable },
            ConnectTimeout = options.ConnectTimeout,
            WriterBufferSize = WriterBufferBytes,

            // The library cuts the connection when the third PING in a row has no answer to the first.
            PingInterval = options.LivenessTimeout / 3,
            MaxPingOut = 2,

            // The other mode subscribes at once, which a user who may only publish is not allowed to.
            RequestReplyMode = NatsRequestReplyMode.SharedInbox,
        };
    }

    /// <summary>What went wrong and what to do, in the words of the other driver where they fit.</summary>
    public static (string Text, bool IsRefused) Describe(Exception problem, NatsEndpoint endpoint)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case NatsServerException { IsAuthError: true } refusal:
                    return ($"{endpoint} refused us: {refusal.Error}; check user, password or token", true);
                case NatsServerException answer:
                    return ($"{endpoint} answered: {answer.Error}", false);
                case SensorGateway.Nats.NatsException own:
                    return (own.Message, own.IsRefused);
            }
        }

        return ($"cannot connect to {endpoint}: {problem.Message}; check that a NATS server listens there", false);
    }

    private const string NoTls = "the driver nats-client has no TLS; use the driver wire";

    private static NatsCredentials CredentialsFor(NatsEndpoint endpoint, NatsOptions options) =>
        endpoint.Credentials.IsEmpty
            ? new NatsCredentials(options.User, options.Password, options.Token)
            : endpoint.Credentials;
}
