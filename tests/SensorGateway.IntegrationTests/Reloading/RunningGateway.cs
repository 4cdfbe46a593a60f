using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Reloading;

/// <summary>A gateway process with a NATS server, a folder of its own, and a sensor that sends lines.</summary>
internal sealed class RunningGateway : IDisposable
{
    public const string Needle =
        "rules:\n  - id: test.needle\n    severity: high\n    match: { literal: needle }\n    examples: { match: [needle] }\n";

    private readonly TcpClient _sensor = new();

    public RunningGateway(string moreConfig = "")
    {
        Folder = new GatewayFolder(Nats.Url);
        Folder.Write("rules.yaml", Needle);
        Folder.Write("gateway.yaml", File.ReadAllText(Config) + "\n" + moreConfig);
        Process = GatewayCommand.Start(Folder.Path, "run");
        Process.WaitForError("Ready: ");
        _sensor.Connect(IPAddress.Loopback, Folder.TcpPort);
        _sensor.NoDelay = true;
    }

    public NatsServerProcess Nats { get; } = NatsServerProcess.Start();

    public GatewayFolder Folder { get; }

    public GatewayCommand Process { get; }

    public string Config => Path.Combine(Folder.Path, "gateway.yaml");

    public string Socket => Path.Combine(Folder.Path, "control.sock");

    /// <summary>Lines sent so far.</summary>
    public long Sent { get; private set; }

    public void Send(params string[] lines)
    {
        _sensor.GetStream().Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n"))));
        Sent += lines.Length;
    }

    public (int ExitCode, string Out, string Error) Reload(params string[] args) =>
        GatewayCommand.Run(Folder.Path, ["reload", "--wait", .. args]);

    /// <summary>One request line to the control socket, and whatever comes back.</summary>
    public string Ask(string line) => Ask(Encoding.UTF8.GetBytes(line + "\n"));

    public string Ask(byte[] bytes)
    {
        using var socket = Connect();
        try
        {
            socket.Send(bytes);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has answered and closed before it had all of it.
        }

        return ReadAll(socket);
    }

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Socket));
        return socket;
    }

    public static string ReadAll(Socket socket)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[65536];
        try
        {
            while (socket.Receive(buffer) is > 0 and var got)
            {
                bytes.Write(buffer, 0, got);
            }
        }
        catch (SocketException)
        {
            // Closed without reading all that we sent; what it answered came before.
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>The status report over the control socket.</summary>
    public JsonElement Status()
    {
        using var answer = JsonDocument.Parse(Ask("""{"command":"status"}"""));
        return answer.RootElement.GetProperty("status").Clone();
    }

    public long Matches(string rule) => Status().GetProperty("top_rules").EnumerateArray()
        .Where(one => one.GetProperty("rule").GetString() == rule)
        .Sum(static one => one.GetProperty("matches").GetInt64());

    public string Metrics()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Folder.Url) };
        return http.GetStringAsync("/metrics").GetAwaiter().GetResult();
    }

    public void WaitForMatches(string rule, long count) =>
        Process.Wait(() => Matches(rule) == count, $"{rule} has not matched {count} times but {Matches(rule)}");

    public void Dispose()
    {
        _sensor.Dispose();
        Process.Dispose();
        Nats.Dispose();
        Folder.Dispose();
    }
}
