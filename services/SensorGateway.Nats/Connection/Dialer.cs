using System.Net;
using System.Net.Sockets;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Connection;

/// <summary>From a name to an accepted login.</summary>
internal static class Dialer
{
    /// <summary>Tells servers which client library talks to them.</summary>
    public static readonly string ClientVersion = typeof(Dialer).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Tries every address of the host in turn.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="clientName">Shown in the server's lists.</param>
    /// <param name="credentials">Unless the endpoint has some.</param>
    /// <param name="tls">How to encrypt.</param>
    /// <param name="limits">Of time.</param>
    /// <param name="received">Gets what the server sends.</param>
    /// <param name="cancelled">Asked while waiting.</param>
    /// <param name="inbox">Subscribed with a wildcard token behind it, when given.</param>
    /// <returns>The session's socket and INFO; bytes behind the answer stay in <paramref name="received"/>.</returns>
    /// <exception cref="NatsException">The last address' reason.</exception>
    public static (Transport Socket, ServerInfo Info) Dial(
        NatsEndpoint endpoint, string clientName, NatsCredentials credentials, NatsTlsOptions tls, DialLimits limits,
        ReceiveBuffer received, Func<bool> cancelled, string? inbox = null)
    {
        var terms = DialTerms.For(endpoint, credentials, tls);
        NatsException? reason = null;
        foreach (var address in Resolve(terms))
        {
            if (terms.ObjectionTo(address) is { } objection)
            {
                reason = objection;
                continue;
            }

            WireSocket socket;
            try
            {
                socket = WireSocket.Connect(
                    new IPEndPoint(address, endpoint.Port), limits.Step, limits.Unanswered, cancelled);
            }
            catch (NatsException problem)
            {
                reason = problem;
                continue;
            }

            var handshake = new Handshake(socket, received, terms, limits.Step, cancelled);
            try
            {
                var info = handshake.Run(clientName, inbox);
                return (handshake.Transport, info);
            }
            catch
            {
                handshake.Transport.Dispose();
                throw;
            }
        }

        throw reason ?? terms.NoAddress();
    }

    private static IPAddress[] Resolve(DialTerms terms)
    {
        if (IPAddress.TryParse(terms.Endpoint.Host, out var address))
        {
            return [address];
        }

        try
        {
            return Dns.GetHostAddresses(terms.Endpoint.Host);
        }
        catch (SocketException problem)
        {
            throw terms.CannotResolve(problem);
        }
    }
}

/// <summary>Time limits of a dial.</summary>
/// <param name="Step">For each step: TCP connect, INFO, the answer to CONNECT.</param>
/// <param name="Unanswered">How long the kernel keeps a connection whose bytes are not acknowledged.</param>
internal readonly record struct DialLimits(TimeSpan Step, TimeSpan Unanswered);
