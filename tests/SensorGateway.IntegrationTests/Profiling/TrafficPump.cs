using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary>Sends lines to a gateway at a steady rate until disposed; catches up when it was held up.</summary>
internal sealed class TrafficPump : IDisposable
{
    private readonly Thread _thread;
    private readonly TcpClient _sensor = new();
    private volatile bool _stop;
    private long _sent;

    /// <param name="port">Of a source with <c>framing: newline</c>.</param>
    /// <param name="perSecond">Lines a second.</param>
    /// <param name="lines">Sent in turn.</param>
    public TrafficPump(int port, int perSecond, IReadOnlyList<string> lines)
    {
        _sensor.Connect(IPAddress.Loopback, port);
        var bytes = lines.Select(line => Encoding.ASCII.GetBytes(line + "\n")).ToArray();
        _thread = new Thread(() => Run(perSecond, bytes)) { IsBackground = true, Name = "pump" };
        _thread.Start();
    }

    /// <summary>Lines so far.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public void Dispose()
    {
        _stop = true;
        _sensor.Dispose();
        _thread.Join();
    }

    private void Run(int perSecond, byte[][] lines)
    {
        var from = Stopwatch.GetTimestamp();
        var chunk = new List<byte>();
        try
        {
            while (!_stop)
            {
                var due = (long)(Stopwatch.GetElapsedTime(from).TotalSeconds * perSecond);
                while (_sent < due)
                {
                    chunk.Clear();
                    for (var i = 0; i < 64 && _sent < due; i++, _sent++)
                    {
                        chunk.AddRange(lines[(int)(_sent % lines.Length)]);
                    }

                    _sensor.GetStream().Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(chunk));
                }

                Thread.Sleep(1);
            }
        }
        catch (IOException) when (_stop)
        {
            // Disposed in the middle of a write.
        }
        catch (ObjectDisposedException) when (_stop)
        {
        }
    }
}
