using System.Net;
using System.Net.Sockets;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>Loopback ports.</summary>
internal static class Ports
{
    /// <summary>A port nobody listens on at the moment.</summary>
    /// <remarks>Below the range that the kernel takes client ports from: none of those sits on it before its owner.</remarks>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }
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
