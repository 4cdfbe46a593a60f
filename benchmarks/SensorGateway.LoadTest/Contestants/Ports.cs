using System.Net;
using System.Net.Sockets;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>Loopback ports.</summary>
internal static class Ports
{
    /// <summary>A port nobody listens on at the moment.</summary>
    public static int Free()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    /// <summary>Waits until somebody accepts connections on a port.</summary>
    public static void WaitUntilOpen(int port, ChildProcess owner, string name)
    {
        for (var attempt = 0; attempt < 300 && !owner.HasExited; attempt++)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }

        throw new StartException($"{name} does not listen on port {port}. Its last words:\n{owner.Tail}");
    }
}
