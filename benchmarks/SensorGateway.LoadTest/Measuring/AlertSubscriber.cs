using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>Receives alerts on its own thread with a raw socket; shares no code with what it measures.</summary>
internal sealed class AlertSubscriber : IDisposable
{
    private const int BufferBytes = 2 * 1024 * 1024; // Twice the largest message nats-server passes on by default.
    private const int ReceiveBytes = 1024 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ManualResetEventSlim _subscribed = new();
    private readonly MarkerFinder _finder = new();
    private readonly Thread _thread;
    private volatile ArrivalLog? _log;
    private volatile bool _stopping;
    private volatile string? _fault;

    /// <summary>Connects and returns once the server has confirmed the subscription.</summary>
    public AlertSubscriber(Uri server, string subject)
    {
        _socket.Connect(server.Host, server.Port);
        _socket.ReceiveBufferSize = 4 * 1024 * 1024;
        Send($"CONNECT {{\"verbose\":false,\"name\":\"load-test\"}}\r\nSUB {subject} 1\r\nPING\r\n");
        _thread = new Thread(Run) { Name = "alert-subscriber", IsBackground = true };
        _thread.Start();
        if (!_subscribed.Wait(TimeSpan.FromSeconds(5)))
        {
            throw new InvalidOperationException(
                $"{server} did not confirm the subscription within 5s; is it a nats-server?");
        }
    }

    /// <summary>Why the thread ended early, or null.</summary>
    public string? Fault => _fault;

    /// <summary>Alerts received from now on go here.</summary>
    public void Attach(ArrivalLog log) => _log = log;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _socket.Dispose();
        _thread.Join();
        _subscribed.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[BufferBytes];
        var filled = 0;
        try
        {
            while (!_stopping)
            {
                var received = _socket.Receive(buffer, filled, Math.Min(ReceiveBytes, buffer.Length - filled),
                    SocketFlags.None);

                // One stamp for all that a receive brought: the first moment this process could know of any of it.
                var arrivedTicks = Stopwatch.GetTimestamp();
                if (received == 0)
                {
                    throw new IOException("nats-server closed the connection, or the subscriber was too slow for it");
                }

                filled += received;
                var consumed = Handle(buffer.AsSpan(0, filled), arrivedTicks);
                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
            }
        }
        catch (Exception fault) when (fault is SocketException or IOException or ObjectDisposedException)
        {
            _fault = _stopping ? null : fault.Message;
        }
    }

    private int Handle(ReadOnlySpan<byte> bytes, long arrivedTicks)
    {
        var consumed = 0;
        while (true)
        {
            switch (NatsMessageScanner.Read(bytes[consumed..], out var itemBytes, out var body))
            {
                case NatsItem.Incomplete:
                    return consumed;
                case NatsItem.Malformed:
                    throw new IOException("what came is not the NATS protocol");
                case NatsItem.Error:
                    throw new IOException(Encoding.ASCII.GetString(body));
                case NatsItem.Ping:
                    Send("PONG\r\n");
                    break;
                case NatsItem.Message:
                    Record(body, arrivedTicks);
                    break;
                default:
                    if (bytes[consumed..].StartsWith("PONG"u8))
                    {
                        _subscribed.Set();
                    }

                    break;
            }

            consumed += itemBytes;
        }
    }

    private void Record(ReadOnlySpan<byte> alert, long arrivedTicks)
    {
        if (_finder.TryFind(alert, out var sequence))
        {
            _log?.Add(sequence, arrivedTicks);
        }
        else
        {
            _log?.AddUnmarked();
        }
    }

    private void Send(string text) => _socket.Send(Encoding.ASCII.GetBytes(text));
}
