using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SensorGateway.TestKit.PlainRules;

namespace SensorGateway.LoadTest.Rival;

/// <summary>Receive, slice, try each regex, send: all on the calling thread.</summary>
internal sealed class RivalLoop : IDisposable
{
    private const int ReceiveBytes = 64 * 1024;

    private readonly Socket _nats = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly PlainTerm[] _rules;
    private readonly byte[][] _ruleIds;
    private readonly AlertWriter _alerts = new();
    private readonly char[] _text = new char[ReceiveBytes];

    public RivalLoop(Uri nats, IReadOnlyList<PlainRule> rules)
    {
        _rules = [.. rules.Select(rule => rule.Match)];
        _ruleIds = [.. rules.Select(rule => Encoding.UTF8.GetBytes(rule.Id))];
        _nats.Connect(nats.Host, nats.Port);
        _nats.Send("CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"rival\"}\r\n"u8);

        // The server drops clients that never answer its pings; nothing else it says matters here.
        new Thread(AnswerPings) { IsBackground = true, Name = "rival-pong" }.Start();
    }

    /// <summary>Serves one connection after the other, for ever.</summary>
    public void Serve(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        while (true)
        {
            using var sensor = listener.Accept();
            try
            {
                ServeOne(sensor);
            }
            catch (SocketException)
            {
                // The sensor is gone: on to the next.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _nats.Dispose();

    private void ServeOne(Socket sensor)
    {
        var buffer = new byte[2 * ReceiveBytes];
        var filled = 0;
        while (true)
        {
            var received = sensor.Receive(buffer, filled, Math.Min(ReceiveBytes, buffer.Length - filled),
                SocketFlags.None);
            if (received == 0)
            {
                return;
            }

            filled += received;
            var consumed = 0;
            while (filled - consumed >= sizeof(uint))
            {
                var length = (int)BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(consumed));
                if (filled - consumed - sizeof(uint) < length)
                {
                    break;
                }

                Check(buffer.AsSpan(consumed + sizeof(uint), length));
                consumed += sizeof(uint) + length;
            }

            buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
            filled -= consumed;
            Send(_alerts.Take());
        }
    }

    private void Check(ReadOnlySpan<byte> payload)
    {
        Encoding.Latin1.GetChars(payload, _text);
        ReadOnlySpan<char> text = _text.AsSpan(0, payload.Length);
        for (var i = 0; i < _rules.Length; i++)
        {
            if (_rules[i].IsMatch(text))
            {
                _alerts.Add(_ruleIds[i], payload);
                return;
            }
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_nats.Send(bytes)..];
        }
    }

    private void AnswerPings()
    {
        var buffer = new byte[8 * 1024];
        while (_nats.Receive(buffer) is var received and > 0)
        {
            if (buffer.AsSpan(0, received).IndexOf("PING\r\n"u8) >= 0)
            {
                _nats.Send("PONG\r\n"u8);
            }
        }
    }
}
