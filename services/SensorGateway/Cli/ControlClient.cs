using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SensorGateway.Configuration.Loading;
using SensorGateway.Hosting.Control;

namespace SensorGateway.Cli;

/// <summary>Asks a running gateway over its control socket.</summary>
internal static class ControlClient
{
    private const int AnswerBytesMax = 16 << 20;

    /// <summary>The socket of the gateway that runs with this configuration, even if the file is broken by now.</summary>
    /// <exception cref="CommandException">The file cannot be read, and nobody is at the usual place.</exception>
    public static string PathFor(string configFile, IReadOnlyList<string> sets)
    {
        var loaded = ConfigLoader.LoadFile(configFile, sets);
        var socket = loaded.Settings.Find("control.socket")?.Value as string;
        var path = Path.GetFullPath(socket ?? "control.sock", Path.GetDirectoryName(Path.GetFullPath(configFile))!);
        return socket is not null || Path.Exists(path)
            ? path
            : throw new CommandException(
                ExitCodes.BadConfig,
                string.Join('\n', loaded.Problems) + "\nName the gateway's control.socket with --socket.");
    }

    /// <summary>Sends a request line and waits for the answer.</summary>
    /// <exception cref="CommandException">No gateway answers there, or not in a way that this version understands.</exception>
    public static async Task<ControlAnswer> AskAsync(string path, string request, CancellationToken cancel)
    {
        using var socket = ControlSocket.NewSocket();
        byte[] answer;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
            await socket.SendAsync(Encoding.UTF8.GetBytes(request + "\n"), cancel).ConfigureAwait(false);
            answer = await ReadAllAsync(socket, cancel).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            throw new CommandException(
                ExitCodes.Negative,
                $"{path}: no gateway answers ({fault.Message.TrimEnd('.')}); start one with sensor-gateway run, or name its "
                    + "control.socket with --socket.");
        }

        return Parse(path, answer);
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (bytes.Length <= AnswerBytesMax
            && await socket.ReceiveAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var got)
        {
            bytes.Write(buffer, 0, got);
        }

        return bytes.ToArray();
    }

    private static ControlAnswer Parse(string path, byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, ControlJson.Default.ControlAnswer)
                ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandException(
                ExitCodes.Negative,
                answer.Length == 0
                    ? $"{path}: the gateway ended without an answer; see its log."
                    : $"{path}: answers, but is no sensor-gateway of this version; check the path.");
        }
    }
}
