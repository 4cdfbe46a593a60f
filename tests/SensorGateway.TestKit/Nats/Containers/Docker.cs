using System.Net.Sockets;

namespace SensorGateway.TestKit.Nats.Containers;

/// <summary>Whether a Docker daemon answers on this machine.</summary>
public static class Docker
{
    private const string StandardSocket = "/var/run/docker.sock";
    private static readonly Lazy<string?> Problem = new(Ask);

    /// <summary>Null when it answers, otherwise what to print beside a test that is left out.</summary>
    public static string? WhyNot => Problem.Value;

    private static string? Ask()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (host is { Length: > 0 } && !host.StartsWith("unix://", StringComparison.Ordinal))
        {
            return null; // Another machine's: starting a container tells more than we could find out here.
        }

        var path = host is { Length: > 0 } ? host["unix://".Length..] : StandardSocket;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                ReceiveTimeout = 5000,
                SendTimeout = 5000,
            };
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send("GET /_ping HTTP/1.0\r\n\r\n"u8);
            var answer = new byte[32];
            var bytes = socket.Receive(answer);
            return answer.AsSpan(0, bytes).IndexOf(" 200 "u8) >= 0 ? null : $"what listens on {path} is no Docker daemon";
        }
        catch (SocketException problem)
        {
            return $"Docker does not answer on {path}: {problem.Message}";
        }
    }
}
