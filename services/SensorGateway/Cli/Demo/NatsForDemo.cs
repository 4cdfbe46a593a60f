using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SensorGateway.Nats;

namespace SensorGateway.Cli.Demo;

/// <summary>The NATS server of the demo: one that runs already, or one started for it on a free loopback port.</summary>
internal sealed class NatsForDemo : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly Process? _process;

    private NatsForDemo(NatsEndpoint endpoint, Process? process)
    {
        Endpoint = endpoint;
        _process = process;
    }

    /// <summary>Where it listens.</summary>
    public NatsEndpoint Endpoint { get; }

    /// <summary>True when the demo started it.</summary>
    public bool IsOurs => _process is not null;

    /// <summary>Uses this server, or starts one, or finds one on the usual port; null when there is none to be had.</summary>
    public static NatsForDemo? Find(string? url)
    {
        if (url is not null)
        {
            return new NatsForDemo(NatsInput.Parse(url), null);
        }

        if (FindProgram() is { } program && TryStart(program) is { } started)
        {
            return started;
        }

        var usual = new NatsEndpoint("127.0.0.1", NatsEndpoint.DefaultPort);
        return Answers(usual) ? new NatsForDemo(usual, null) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
    }

    private static string? FindProgram()
    {
        if (Environment.GetEnvironmentVariable("NATS_SERVER") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/usr/sbin").Append("/usr/local/bin")
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, "nats-server"))
            .FirstOrDefault(File.Exists);
    }

    private static NatsForDemo? TryStart(string program)
    {
        var port = FreePort();
        var arguments = new ProcessStartInfo(program, ["-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(arguments);
        if (process is null)
        {
            return null;
        }

        // Read and forget: a full pipe would stop the server.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new NatsForDemo(new NatsEndpoint("127.0.0.1", port), process);
        var from = Stopwatch.GetTimestamp();
        while (!process.HasExited && Stopwatch.GetElapsedTime(from) < StartTimeout)
        {
            if (Answers(started.Endpoint))
            {
                return started;
            }

            Thread.Sleep(20);
        }

        started.Dispose();
        return null;
    }

    private static bool Answers(NatsEndpoint endpoint)
    {
        try
        {
            using var probe = NatsSubscriber.Connect(endpoint, timeout: TimeSpan.FromSeconds(1));
            return true;
        }
        catch (NatsException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
