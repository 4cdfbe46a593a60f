using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SensorGateway.Nats;

namespace SensorGateway.TestKit.Nats;

/// <summary>Speaks TLS from the first byte and passes the plain bytes on to a loopback port.</summary>
/// <remarks>Stands for <c>handshake_first</c>, which nats-server has from 2.10.4 on, and for TLS proxies.</remarks>
public sealed class TlsFront : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _targetPort;
    private readonly X509Certificate2 _certificate;
    private volatile bool _stopped;

    /// <summary>Begins to listen.</summary>
    public TlsFront(int targetPort, CertificateFiles certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _targetPort = targetPort;
        _certificate = X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public NatsEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        _listener.Stop();
        _certificate.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopped)
        {
            try
            {
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync().ConfigureAwait(false));
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _targetPort).ConfigureAwait(false);
            var inside = server.GetStream();
            using var outside = new SslStream(client.GetStream());
            await outside.AuthenticateAsServerAsync(_certificate).ConfigureAwait(false);
            await Task.WhenAny(inside.CopyToAsync(outside), outside.CopyToAsync(inside)).ConfigureAwait(false);
        }
        catch (Exception end) when (end is IOException or AuthenticationException or SocketException or ObjectDisposedException)
        {
            // The other side has seen enough.
        }
    }
}
