using System.Diagnostics;
using System.Security.Authentication;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Tls;

/// <summary>Makes an encrypted connection of a plain one, on the calling thread, within a time.</summary>
internal static class TlsUpgrade
{
    /// <summary>The encrypted connection; it owns the socket from here on.</summary>
    /// <exception cref="NatsException">The server, or its certificate, will not do; the message says why.</exception>
    public static TlsTransport Run(
        WireSocket socket, NatsEndpoint endpoint, NatsTlsOptions options, TimeSpan limit, Func<bool> cancelled)
    {
        using var material = TlsMaterial.Load(options);
        var check = new ServerCertificateCheck(endpoint, options.CaFile ?? "this system's list of authorities");
        var transport = new TlsTransport(socket);
        try
        {
            var start = Stopwatch.GetTimestamp();
            if (!transport.TryComplete(
                () => transport.Stream.AuthenticateAsClientAsync(material.ForHost(endpoint.VerifiedHost, check.Accept)),
                () => cancelled() || Stopwatch.GetElapsedTime(start) >= limit))
            {
                throw new NatsException(
                    $"{endpoint} did not finish the TLS handshake within {limit.TotalMilliseconds}ms; check that it speaks TLS and is not stuck");
            }

            if (transport.Stream.SslProtocol < SslProtocols.Tls12)
            {
                throw new NatsException($"{endpoint} speaks only {transport.Stream.SslProtocol}; it must speak TLS 1.2 or newer")
                {
                    IsRefused = true,
                };
            }

            return transport;
        }
        catch (AuthenticationException refused)
        {
            transport.Dispose();
            throw check.Problem is { } problem
                ? new NatsException($"{endpoint}: {problem}", refused) { IsRefused = true }
                : new NatsException($"{endpoint}: the TLS handshake failed: {TlsTransport.Describe(refused)}; {Cure(options)}", refused);
        }
        catch (IOException broken)
        {
            transport.Dispose();
            throw new NatsException(
                $"{endpoint} broke the TLS handshake off: {TlsTransport.Describe(broken)}; {Cure(options)}", broken);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }

    private static string Cure(NatsTlsOptions options) => options.Mode == NatsTlsMode.HandshakeFirst
        ? "if it encrypts only after its INFO, set publishing.tls.mode: require"
        : "look into the server's log";
}
