using System.Net.Sockets;
using System.Text.Json;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>Asks a gateway to reload over its control socket, and waits for the outcome.</summary>
internal static class ControlLine
{
    public static ReloadResult Reload(string socketPath)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        socket.Send("{\"command\":\"reload\",\"wait\":true}\n"u8);
        using var stream = new NetworkStream(socket);
        using var answer = JsonDocument.Parse(stream);
        var outcome = answer.RootElement.GetProperty("reload");
        return new ReloadResult(
            outcome.GetProperty("ok").GetBoolean(),
            outcome.GetProperty("took_ms").GetDouble(),
            outcome.GetProperty("longest_pause_ms").GetDouble());
    }
}
