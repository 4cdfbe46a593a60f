using System.Net;
using System.Net.Sockets;
using NATS.Client.Core;
using SensorGateway.Nats;
using SensorGateway.Nats.Connection;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>The socket of one session. It is dialled once, and with TLS it carries no plain byte of ours.</summary>
/// <remarks>
/// The library encrypts over <see cref="Socket"/> and calls SendAsync and ReceiveAsync for plain bytes alone. When a
/// handshake that comes first fails, it goes on without TLS; here that ends.
/// </remarks>
/// <param name="terms">The server, and how it is encrypted.</param>
/// <param name="addresses">Those of its host that may be dialled.</param>
/// <param name="dialledAgain">Called when the library wants to reconnect.</param>
internal sealed class ClientSocket(DialTerms terms, IPAddress[] addresses, Action dialledAgain)
    : INatsSocketConnectionFactory, INatsTlsUpgradeableSocketConnection
{
    private readonly NatsTlsMode _mode = terms.Tls.Mode;
    private int _dials;

    public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }; // IPv4 and IPv6.

    /// <summary>The addresses to dial: a secret in the clear goes to this machine only, unless allowed.</summary>
    /// <exception cref="SensorGateway.Nats.NatsException">There is none, or none that may be used.</exception>
    public static async Task<IPAddress[]> ResolveAsync(DialTerms terms)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(terms.Endpoint.Host, out var address)
                ? [address]
                : await Dns.GetHostAddressesAsync(terms.Endpoint.Host).ConfigureAwait(false);
        }
        catch (SocketException problem)
        {
            throw terms.CannotResolve(problem);
        }

        var allowed = Array.FindAll(addresses, address => terms.ObjectionTo(address) is null);
        return allowed.Length > 0 ? allowed
            : throw (addresses.Length == 0 ? terms.NoAddress() : terms.ObjectionTo(addresses[^1])!);
    }

    public async ValueTask<INatsSocketConnection> ConnectAsync(Uri uri, NatsOpts opts, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _dials) > 1)
        {
            dialledAgain();
            throw new SensorGateway.Nats.NatsException("the next connection belongs to another session");
        }

        await Socket.ConnectAsync(addresses, terms.Endpoint.Port, cancellationToken).ConfigureAwait(false);
        return this;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => _mode == NatsTlsMode.Off
        ? Socket.SendAsync(buffer, SocketFlags.None, CancellationToken.None)
        : throw NotEncrypted();

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _mode != NatsTlsMode.HandshakeFirst
        ? Socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None)
        : throw NotEncrypted();

    public ValueTask DisposeAsync()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // It was not connected, or is no longer.
        }

        Socket.Dispose();
        return default;
    }

    private SensorGateway.Nats.NatsException NotEncrypted() =>
        new($"{terms.Endpoint}: there is no encryption, so nothing more is sent or read");
}
