using System.Net;

namespace SensorGateway.Nats.Connection;

/// <summary>What holds for a dial to one server: who we are to it, how it is encrypted, where a secret may go.</summary>
/// <param name="Endpoint">The server.</param>
/// <param name="Credentials">Its own, or those of everybody.</param>
/// <param name="Tls">How to encrypt; never off for a server whose URL says tls://.</param>
/// <param name="SecretMayLeave">Nothing secret is sent unencrypted, or the user allowed it.</param>
internal sealed record DialTerms(
    NatsEndpoint Endpoint, NatsCredentials Credentials, NatsTlsOptions Tls, bool SecretMayLeave)
{
    public static DialTerms For(NatsEndpoint endpoint, NatsCredentials credentials, NatsTlsOptions tls)
    {
        var own = endpoint.Credentials.IsEmpty ? credentials : endpoint.Credentials;
        var encryption = endpoint.RequiresTls && tls.Mode == NatsTlsMode.Off ? tls with { Mode = NatsTlsMode.Require } : tls;
        return new DialTerms(
            endpoint, own, encryption,
            encryption.Mode != NatsTlsMode.Off || credentials.AllowPlaintext || own.AllowPlaintext || !own.SendsSecret);
    }

    /// <summary>Why this address may not be dialled; null when it may.</summary>
    public NatsException? ObjectionTo(IPAddress address) => SecretMayLeave || IPAddress.IsLoopback(address)
        ? null
        : new NatsException(
            $"{Endpoint}: a password or token would travel unencrypted to {address}; switch TLS on, or log in with "
            + "an nkey file or a credentials file, or allow plaintext credentials by name")
        {
            IsRefused = true,
        };

    /// <summary>For a name without any address.</summary>
    public NatsException NoAddress() => new($"{Endpoint}: the host name has no address; check the spelling");

    /// <summary>For a name that cannot be looked up.</summary>
    public NatsException CannotResolve(Exception problem) =>
        new($"{Endpoint}: cannot resolve the host name: {problem.Message}", problem);

    /// <summary>For an answer of the server to our login that is no yes.</summary>
    public NatsException Refusal(string text) =>
        new($"{Endpoint} refused us: {text}; {Credentials.Cure}") { IsRefused = true };
}
