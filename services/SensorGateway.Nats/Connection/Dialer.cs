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
    /// <param name="limits">Of time.</param>
    /// <param name="received">Gets what the server sends.</param>
    /// <param name="cancelled">Asked while waiting.</param>
    /// <param name="inbox">Subscribed with a wildcard token behind it, when given.</param>
    /// <returns>The session's socket and INFO; bytes behind the answer stay in <paramref name="received"/>.</returns>
    /// <exception cref="NatsException">The last address' reason.</exception>
    public static (WireSocket Socket, ServerInfo Info) Dial(
        NatsEndpoint endpoint, string clientName, NatsCredentials credentials, DialLimits limits,
        ReceiveBuffer received, Func<bool> cancelled, string? inbox = null)
    {
        var own = endpoint.Credentials.IsEmpty ? credentials : endpoint.Credentials;
        var allowPlaintext = credentials.AllowPlaintext || own.AllowPlaintext || !own.SendsSecret;
        NatsException? reason = null;
        foreach (var address in Resolve(endpoint))
        {
            if (!allowPlaintext && !IPAddress.IsLoopback(address))
            {
                reason = new NatsException(
                    $"{endpoint}: a password or token would travel unencrypted to {address}; log in with an nkey file "
                    + "or a credentials file, or allow plaintext credentials by name")
                {
                    IsRefused = true,
                };
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

            try
            {
                return (socket, new Handshake(socket, received, endpoint, own, limits.Step, cancelled).Run(clientName, inbox));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw reason ?? new NatsException($"{endpoint}: the host name has no address; check the spelling");
    }

    private static IPAddress[] Resolve(NatsEndpoint endpoint)
    {
        if (IPAddress.TryParse(endpoint.Host, out var address))
        {
            return [address];
        }

        try
        {
            return Dns.GetHostAddresses(endpoint.Host);
        }
        catch (SocketException problem)
        {
            throw new NatsException($"{endpoint}: cannot resolve the host name: {problem.Message}", problem);
        }
    }
}

/// <summary>Time limits of a dial.</summary>
/// <param name="Step">For each step: TCP connect, INFO, the answer to CONNECT.</param>
/// <param name="Unanswered">How long the kernel keeps a connection whose bytes are not acknowledged.</param>
internal readonly record struct DialLimits(TimeSpan Step, TimeSpan Unanswered);
