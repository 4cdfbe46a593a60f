using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SensorGateway.TestKit.Nats;

/// <summary>Subscribes to all alerts and never reads one, so that the server's socket to it fills.</summary>
public sealed class StuckSubscriber : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="port">The server's port on loopback.</param>
    public StuckSubscriber(int port)
    {
        _socket.ReceiveBufferSize = 4096;
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Send(Encoding.ASCII.GetBytes("CONNECT {\"verbose\":false}\r\nSUB alerts.> 1\r\nPING\r\n"));
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _socket.Dispose();
}
