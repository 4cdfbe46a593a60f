using System.Net;
using System.Net.Sockets;
using System.Text;
using SensorGateway.Nats;

namespace SensorGateway.IntegrationTests.Nats;

/// <summary>Something that listens where NATS should. Each connection gets the same treatment.</summary>
internal sealed class StrangeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Action<Socket> _treat;
    private readonly List<Socket> _open = [];
    private volatile bool _stopped;
    private int _accepted;

    public StrangeServer(Action<Socket> treat)
    {
        _treat = treat;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "strange-server" }.Start();
    }

    public NatsEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Receives until the text comes, or the other side leaves.</summary>
    public static void ReadUntil(Socket socket, string end)
    {
        var received = string.Empty;
        var buffer = new byte[4096];
        while (!received.EndsWith(end, StringComparison.Ordinal) && socket.Receive(buffer) is > 0 and var bytes)
        {
            received += Encoding.ASCII.GetString(buffer, 0, bytes);
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _listener.Stop();
        lock (_open)
        {
            _open.ForEach(socket => socket.Dispose());
        }
    }

    private void Accept()
    {
        while (!_stopped)
        {
            try
            {
                var socket = _listener.AcceptSocket();
                lock (_open)
                {
                    _open.Add(socket);
                }

                Interlocked.Increment(ref _accepted);
                new Thread(() => Treat(socket)) { IsBackground = true }.Start();
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private void Treat(Socket socket)
    {
        try
        {
            _treat(socket);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The other side has seen enough.
        }
    }
}
