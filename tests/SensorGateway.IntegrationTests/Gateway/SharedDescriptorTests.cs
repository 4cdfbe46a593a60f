using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Sources;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Gateway;

/// <summary>Between fork and exec a child process holds copies of all our descriptors; here the test does.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class SharedDescriptorTests
{
    [Fact]
    public void Connection_OfWhichAnotherHoldsACopy_IsForgottenWhenItCloses()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint));
        using var healthy = gateway.Sender();
        var bad = gateway.Connect(from: "127.0.0.9");
        gateway.Until(static now => now.Sources[0].ConnectionsOpen == 2, "both connections");
        var copy = Duplicate(ServerSideOf(bad));
        Assert.True(copy >= 0);
        try
        {
            bad.Send(Frames.Length(0));
            gateway.Until(static now => now.Sources[0].ConnectionsOpen == 1, "the bad connection closed");

            // The copy keeps the connection alive, and there is something to read on it again.
            bad.Send([1, 2, 3]);
            bad.Dispose();
            healthy.SendPaced(200, perSecond: 2000);

            var now = gateway.UntilSettled(201);
            Assert.True(alerts.WaitFor(200), alerts.Figures(200));
            Assert.Equal((200, 1), (now.Alerted, now.Rejected));
        }
        finally
        {
            _ = Close(copy);
        }
    }

    private static int ServerSideOf(Socket client)
    {
        foreach (var entry in Directory.EnumerateFiles("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(entry), System.Globalization.CultureInfo.InvariantCulture);
            if (new FileInfo(entry).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) != true)
            {
                continue;
            }

            try
            {
                using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
                if (client.LocalEndPoint!.Equals(socket.RemoteEndPoint))
                {
                    return descriptor;
                }
            }
            catch (SocketException)
            {
                // Not connected, or closed meanwhile by its owner.
            }
        }

        throw new InvalidOperationException("the gateway's end of the connection was not found");
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
