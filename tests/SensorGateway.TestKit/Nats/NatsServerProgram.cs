namespace SensorGateway.TestKit.Nats;

/// <summary>Finds the nats-server of this machine.</summary>
public static class NatsServerProgram
{
    /// <summary>True when NATS_SERVER names one, rightly or not, or one is installed.</summary>
    public static bool Exists => Environment.GetEnvironmentVariable("NATS_SERVER") is { Length: > 0 } || Installed() is not null;

    /// <summary>NATS_SERVER, then PATH, then where Debian puts it.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says how to get one.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("NATS_SERVER") is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? named
                : throw new InvalidOperationException($"NATS_SERVER names {named}, which does not exist; correct it");
        }

        return Installed() ?? throw new InvalidOperationException(
            "nats-server was not found; install nats-server: apt-get install nats-server, or set NATS_SERVER");
    }

    private static string? Installed()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        return folders.Append("/usr/sbin").Append("/usr/local/bin")
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, "nats-server"))
            .FirstOrDefault(File.Exists);
    }
}
