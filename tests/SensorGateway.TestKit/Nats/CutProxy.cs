using System.Net;
using System.Net.Sockets;
using SensorGateway.Nats;

namespace SensorGateway.TestKit.Nats;

/// <summary>A TCP proxy on loopback that can hurt the connections through it in the ways a network does.</summary>
public sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _targetPort;
    private readonly List<Link> _links = [];
    private readonly ManualResetEventSlim _flows = new(initialState: true);
    private volatile bool _swallows;
    private volatile bool _refuses;
    private volatile bool _stopped;

    /// <summary>Begins to forward to a loopback port.</summary>
    public CutProxy(int targetPort)
    {
        _targetPort = targetPort;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "cut-proxy" }.Start();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The same as an endpoint.</summary>
    public NatsEndpoint Endpoint => new("127.0.0.1", Port);

    /// <summary>Connections made so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>New connections are closed at once while true.</summary>
    public bool Refuses
    {
        get => _refuses;
        set => _refuses = value;
    }

    /// <summary>Resets every connection; bytes on their way are lost. Returns how many there were.</summary>
    public int CutAll()
    {
        Link[] cut;
        lock (_links)
        {
            cut = [.. _links];
            _links.Clear();
        }

        foreach (var link in cut)
        {
            link.Reset();
        }

        return cut.Length;
    }

    /// <summary>Resets one connection, counted from the oldest that is open.</summary>
    public void CutOne(int index)
    {
        Link link;
        lock (_links)
        {
            if (_links.Count == 0)
            {
                return;
            }

            link = _links[index % _links.Count];
            _links.Remove(link);
        }

        link.Reset();
    }

    /// <summary>Puts bytes of its own into what clients receive.</summary>
    public void Inject(ReadOnlySpan<byte> bytes)
    {
        lock (_links)
        {
            foreach (var link in _links)
            {
                try
                {
                    link.Client.Send(bytes);
                }
                catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
                {
                    // A link that has ended by itself.
                }
            }
        }
    }

    /// <summary>Stops forwarding; connections stay open and buffers fill up.</summary>
    public void Pause() => _flows.Reset();

    /// <summary>Forwards again after <see cref="Pause"/>.</summary>
    public void Resume() => _flows.Set();

    /// <summary>While true, bytes in both directions vanish, as behind a router that lost its table.</summary>
    public bool Swallows
    {
        get => _swallows;
        set => _swallows = value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        _listener.Stop();
        _flows.Set();
        CutAll();
    }

    private void Accept()
    {
        while (!_stopped)
        {
            try
            {
                var client = _listener.AcceptSocket();
                Accepted++;
                if (_refuses)
                {
                    client.Dispose();
                    continue;
                }

                Connect(client);
            }
            catch (SocketException)
            {
                // The target is down, or we are being disposed.
            }
        }
    }

    private void Connect(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            server.Connect(IPAddress.Loopback, _targetPort);
        }
        catch (SocketException)
        {
            server.Dispose();
            client.Dispose();
            return;
        }

        var link = new Link(client, server);
        lock (_links)
        {
            _links.Add(link);
        }

        new Thread(() => Pump(link, client, server)) { IsBackground = true, Name = "cut-proxy-up" }.Start();
        new Thread(() => Pump(link, server, client)) { IsBackground = true, Name = "cut-proxy-down" }.Start();
    }

    private void Pump(Link link, Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (from.Receive(buffer) is > 0 and var received)
            {
                _flows.Wait();
                for (var sent = 0; sent < received && !_swallows;)
                {
                    sent += to.Send(buffer, sent, received - sent, SocketFlags.None);
                }
            }

            if (!_swallows)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            link.Reset();
        }
    }

    private sealed class Link(Socket client, Socket server)
    {
        public Socket Client => client;

        public void Reset()
        {
            foreach (var socket in (Socket[])[client, server])
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0); // Close means reset.
                    socket.Dispose();
                }
                catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
                {
                    // Gone already.
                }
            }
        }
    }
}
