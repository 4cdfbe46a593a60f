using System.ComponentModel;
using System.Globalization;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>A nats-server of our own on a free loopback port.</summary>
internal sealed class NatsServer : IDisposable
{
    private readonly ChildProcess _process;

    /// <summary>Starts it and waits until it listens.</summary>
    public NatsServer()
    {
        var port = Ports.Free();
        Address = new Uri($"nats://127.0.0.1:{port}");
        try
        {
            _process = new ChildProcess(
                [FindProgram(), "-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)], Path.GetTempPath());
        }
        catch (Win32Exception)
        {
            throw new StartException(
                "nats-server was not found; install it (Debian: apt-get install nats-server), name it in NATS_SERVER, "
                + "or pass --nats URL");
        }

        Ports.WaitUntilOpen(port, _process, "nats-server");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Process id.</summary>
    public int ProcessId => _process.Id;

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static string FindProgram()
    {
        const string debian = "/usr/sbin/nats-server"; // Not on the PATH of an ordinary user.
        return Environment.GetEnvironmentVariable("NATS_SERVER") ?? (File.Exists(debian) ? debian : "nats-server");
    }
}
