using System.Diagnostics;
using System.Net.Security;
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
        var check = new ServerCertificateCheck(endpoint, options);
        var transport = new TlsTransport(socket);
        try
        {
            var start = Stopwatch.GetTimestamp();
            var parameters = new SslClientAuthenticationOptions();
            material.Configure(parameters, endpoint.VerifiedHost, check.Accept);
            if (!transport.TryComplete(
                () => transport.Stream.AuthenticateAsClientAsync(parameters),
                () => cancelled() || Stopwatch.GetElapsedTime(start) >= limit))
            {
                throw TlsProblem.TookTooLong(endpoint, limit);
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
                ? TlsProblem.Untrusted(endpoint, problem, refused)
                : TlsProblem.Failed(endpoint, options, refused);
        }
        catch (IOException broken)
        {
            transport.Dispose();
            throw TlsProblem.BrokenOff(endpoint, options, broken);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }
}
