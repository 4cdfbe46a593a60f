using System.Text;
using NATS.Client.Core;
using SensorGateway.Nats;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Login;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Tls;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>From the gateway's options to the library's, and from its errors to ours.</summary>
internal static class ClientLogin
{
    /// <summary>What the buffer of the library may hold unsent; more keeps the server busy while we wait for room.</summary>
    private const int WriterBufferBytes = 256 * 1024;

    /// <summary>Why the driver cannot do what the options ask; null when it can.</summary>
    public static string? Objection(NatsOptions options) => options.Delivery == NatsDelivery.JetStream
        ? "the driver nats-client has no delivery jetstream; use core, fenced or the driver wire"
        : null;

    /// <param name="terms">The server, who we are to it, how it is encrypted.</param>
    /// <param name="options">Name and limits.</param>
    /// <param name="nonce">What the server wants signed; asked at each login, after its INFO.</param>
    public static NatsOpts OptionsFor(DialTerms terms, NatsOptions options, Func<string?> nonce) => new()
    {
        Url = terms.Endpoint.ToString(),
        Name = options.ClientName,
        AuthOpts = AuthFor(terms.Credentials, nonce),
        ConnectTimeout = options.ConnectTimeout,
        WriterBufferSize = WriterBufferBytes,

        // The library cuts the connection when the third PING in a row has no answer to the first.
        PingInterval = options.LivenessTimeout / 3,
        MaxPingOut = 2,

        // The other mode subscribes at once, which a user who may only publish is not allowed to.
        RequestReplyMode = NatsRequestReplyMode.SharedInbox,
    };

    /// <summary>What went wrong and what to do, in the words of the other driver where they fit.</summary>
    /// <param name="reason">What the library said.</param>
    /// <param name="terms">The dial.</param>
    /// <param name="tls">Its encryption.</param>
    /// <param name="server">What the server said of itself, if it did.</param>
    /// <param name="limit">Longest time for each step.</param>
    public static SensorGateway.Nats.NatsException Explain(
        Exception reason, DialTerms terms, ClientTls tls, INatsServerInfo? server, TimeSpan limit)
    {
        foreach (var cause in ClientTls.Causes(reason))
        {
            switch (cause)
            {
                case NatsServerException refusal when ServerError.Classify(refusal.Error) == ServerErrorKind.Refused:
                    return terms.Refusal(refusal.Error);
                case NatsServerException answer:
                    return new($"{terms.Endpoint} answered: {answer.Error}", reason);
                case SensorGateway.Nats.NatsException own:
                    return own;
            }
        }

        return tls.Explain(reason, server, limit)
            ?? new($"cannot connect to {terms.Endpoint}: {TlsTransport.Describe(reason)}"
                + (tls.Hint(server) is { Length: > 0 } hint ? hint : "; check that a NATS server listens there"), reason);
    }

    private static NatsAuthOpts AuthFor(NatsCredentials credentials, Func<string?> nonce) =>
        credentials is { NkeyFile: null, CredentialsFile: null }
            ? new NatsAuthOpts { Username = credentials.User, Password = credentials.Password, Token = credentials.Token }
            : new NatsAuthOpts { AuthCredCallback = (_, _) => ValueTask.FromResult(ReadFile(credentials, nonce())) };

    // The library wants the seed as a string, which nobody can clear: it stays in memory until it is collected.
    private static NatsAuthCred ReadFile(NatsCredentials credentials, string? nonce)
    {
        if (!LoginFile.TryOpen(credentials, nonce, out var file))
        {
            return default;
        }

        using (file)
        {
            var seed = Encoding.ASCII.GetString(file.Seed);
            return file.Jwt is null ? NatsAuthCred.FromNkey(seed) : NatsAuthCred.FromJwt(file.Jwt, seed);
        }
    }
}
