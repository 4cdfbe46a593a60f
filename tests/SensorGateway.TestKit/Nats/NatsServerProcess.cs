using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SensorGateway.Nats;

namespace SensorGateway.TestKit.Nats;

/// <summary>A real nats-server on a free loopback port, for as long as the test needs it.</summary>
public sealed class NatsServerProcess : INatsServer
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private readonly List<string> _arguments = [];
    private readonly List<string> _temporaryFolders = [];
    private readonly List<string> _output = [];
    private Process? _process;

    private NatsServerProcess()
    {
    }

    /// <summary>Where it listens; the same after every restart.</summary>
    public int Port { get; private set; }

    /// <summary>The address without credentials.</summary>
    public NatsEndpoint Endpoint => new("127.0.0.1", Port);

    /// <summary>The address as users write it.</summary>
    public string Url => Endpoint.ToString();

    /// <summary>The process id, for /proc and signals.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException("the server is not running");

    /// <summary>False after <see cref="Kill"/> or <see cref="Stop"/>.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What the server has printed, newest last.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Starts a server and waits until it takes connections.</summary>
    public static NatsServerProcess Start(NatsServerSetup? setup = null)
    {
        var server = new NatsServerProcess();
        try
        {
            server.Prepare(setup ?? new NatsServerSetup());
            server.StartOnFreePort(setup?.Port);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A port nobody listens on now.</summary>
    public static int FreePort()
    {
        // Below the range the kernel takes client ports from: no client can sit on it while the server is down.
        while (true)
        {
            var port = Random.Shared.Next(15000, 32000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    /// <summary>Ends it at once, as a crash would (SIGKILL).</summary>
    public void Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            process.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Asks it to end (SIGTERM) and waits.</summary>
    public void Stop()
    {
        if (_process is { HasExited: false } process)
        {
            Signals.Send(process.Id, Signals.Terminate);
            if (!process.WaitForExit(StartLimit))
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stands still with all sockets open (SIGSTOP).</summary>
    public void Suspend() => Signals.Send(Id, Signals.Stop);

    /// <summary>Goes on after <see cref="Suspend"/>.</summary>
    public void Resume() => Signals.Send(Id, Signals.Continue);

    /// <summary>Lame duck mode: it tells its clients to go and leaves in a while (SIGUSR2).</summary>
    public void AnnounceShutdown() => Signals.Send(Id, Signals.User2);

    /// <summary>Starts again on the same port with the same arguments, plus these.</summary>
    public void Restart(params string[] moreArguments)
    {
        Kill();
        if (!TryStart(moreArguments))
        {
            throw new InvalidOperationException($"nats-server did not start again on port {Port}:\n{Output}");
        }
    }

    /// <summary>
    /// Replaces the arguments that <see cref="Restart"/> uses; for a server that comes back different.
    /// </summary>
    public void Reconfigure(NatsServerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _arguments.Clear();
        Prepare(setup);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsRunning)
        {
            Signals.Send(Id, Signals.Continue); // A suspended process dies only after it goes on.
        }

        Kill();
        foreach (var folder in _temporaryFolders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Prepare(NatsServerSetup setup)
    {
        if (setup.User is not null)
        {
            _arguments.AddRange(["--user", setup.User, "--pass", setup.Password ?? string.Empty]);
        }

        if (setup.Token is not null)
        {
            _arguments.AddRange(["--auth", setup.Token]);
        }

        if (setup.JetStream)
        {
            _arguments.AddRange(["-js", "-sd", NewTemporaryFolder()]);
        }

        if (setup.Configuration is not null)
        {
            var file = Path.Combine(NewTemporaryFolder(), "server.conf");
            File.WriteAllText(file, setup.Configuration);
            _arguments.AddRange(["-c", file]);
        }

        _arguments.AddRange(setup.MoreArguments);
    }

    private string NewTemporaryFolder()
    {
        var folder = Directory.CreateTempSubdirectory("sensor-gateway-nats-").FullName;
        _temporaryFolders.Add(folder);
        return folder;
    }

    private void StartOnFreePort(int? port)
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Port = port ?? FreePort();
            if (TryStart([]))
            {
                return;
            }
        }

        throw new InvalidOperationException($"nats-server did not start:\n{Output}");
    }

    private bool TryStart(string[] moreArguments)
    {
        var start = new ProcessStartInfo(NatsServerProgram.Find())
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])
            ["-a", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), .. _arguments, .. moreArguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("nats-server could not be started");
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        var since = Stopwatch.GetTimestamp();
        while (!process.HasExited && Stopwatch.GetElapsedTime(since) < StartLimit)
        {
            if (TakesConnections())
            {
                return true;
            }

            Thread.Sleep(10);
        }

        Kill();
        return false;
    }

    private bool TakesConnections()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return client.GetStream().ReadByte() == 'I';
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return false;
        }
    }

    private void Remember(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Count < 1000)
            {
                _output.Add(line);
            }
        }
    }
}
