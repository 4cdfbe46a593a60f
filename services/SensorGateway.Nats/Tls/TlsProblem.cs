namespace SensorGateway.Nats.Tls;

/// <summary>What can be wrong with encryption, in the words that every driver uses.</summary>
internal static class TlsProblem
{
    public static NatsException IsRequired(NatsEndpoint endpoint) =>
        new($"{endpoint} requires TLS; set publishing.tls.mode: require, or write tls:// in its URL") { IsRefused = true };

    public static NatsException IsNotOffered(NatsEndpoint endpoint) => new(
        $"{endpoint} offers no TLS, which publishing.tls.mode asks for; nothing was sent to it. Switch TLS on in the server, or correct publishing.servers")
    {
        IsRefused = true,
    };

    public static NatsException TookTooLong(NatsEndpoint endpoint, TimeSpan limit) => new(
        $"{endpoint} did not finish the TLS handshake within {limit.TotalMilliseconds}ms; check that it speaks TLS and is not stuck");

    /// <param name="endpoint">The server.</param>
    /// <param name="certificate">What is wrong with its certificate.</param>
    /// <param name="refused">What the handshake ended with.</param>
    public static NatsException Untrusted(NatsEndpoint endpoint, string certificate, Exception refused) =>
        new($"{endpoint}: {certificate}", refused) { IsRefused = true };

    public static NatsException Failed(NatsEndpoint endpoint, NatsTlsOptions options, Exception refused) =>
        new($"{endpoint}: the TLS handshake failed: {TlsTransport.Describe(refused)}; {Cure(options)}", refused);

    public static NatsException BrokenOff(NatsEndpoint endpoint, NatsTlsOptions options, Exception broken) =>
        new($"{endpoint} broke the TLS handshake off: {TlsTransport.Describe(broken)}; {Cure(options)}", broken);

    /// <summary>To add when a server goes away before it has accepted us.</summary>
    /// <remarks>TLS 1.3 tells a client that its certificate is missing only after the handshake.</remarks>
    /// <param name="options">How we encrypt.</param>
    /// <param name="serverVerifies">Its INFO says that it wants a client certificate.</param>
    public static string ClientCertificateHint(NatsTlsOptions options, bool serverVerifies) =>
        !serverVerifies && options.Mode != NatsTlsMode.HandshakeFirst ? ""
        : options.CertificateFile is null
            ? "; if it wants a client certificate, name one in publishing.tls.cert and publishing.tls.key"
            : $"; check that it knows the authority of {options.CertificateFile}";

    private static string Cure(NatsTlsOptions options) => options.Mode == NatsTlsMode.HandshakeFirst
        ? "if it encrypts only after its INFO, set publishing.tls.mode: require"
        : "look into the server's log";
}
