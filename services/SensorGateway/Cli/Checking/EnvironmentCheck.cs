using System.Net;
using System.Net.Sockets;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Sources.Linux;

namespace SensorGateway.Cli.Checking;

/// <summary>Tries what a start would need: CPUs, ports, socket files, spool, NATS.</summary>
internal static class EnvironmentCheck
{
    /// <param name="config">What the gateway would start with.</param>
    /// <param name="namesControl">The configuration names its control socket.</param>
    /// <param name="cancel">Ends the waiting for servers.</param>
    public static async Task<CheckedEnvironment> RunAsync(
        GatewayConfig config, bool namesControl, CancellationToken cancel)
    {
        var checks = new List<CheckedPlace> { CheckCpus(config.ToOptions().Threads) };
        checks.AddRange(config.Sources.Select(source => CheckSource(source)));
        checks.Add(CheckPort("telemetry", config.TelemetryListen, ProtocolType.Tcp));
        checks.Add(await ControlCheck.RunAsync(config.ControlSocket, namesControl, cancel).ConfigureAwait(false));
        if (config.Publishing.Spool is { } spool)
        {
            checks.Add(SpoolCheck.Run(spool));
        }

        foreach (var server in config.Publishing.Servers)
        {
            checks.Add(await NatsProbe.RunAsync(server, config, cancel).ConfigureAwait(false));
        }

        // One server of several is enough to publish; the others are shown all the same.
        var servers = checks.TakeLast(config.Publishing.Servers.Length);
        var ok = checks.SkipLast(config.Publishing.Servers.Length).All(check => check.Ok)
            && servers.Any(check => check.Ok);
        return new CheckedEnvironment(ok, checks);
    }

    private static CheckedPlace CheckCpus(ThreadOptions threads) => threads.Problem() is { } problem
        ? new CheckedPlace("threads", false, $"{problem}.")
        : new CheckedPlace("threads", true, $"{Environment.ProcessorCount} CPUs");

    private static CheckedPlace CheckSource(SourceOptions source) => source.Type switch
    {
        SourceType.Unix => CheckSocketFile(source.Id, source.Path!),
        SourceType.Tcp => CheckPort($"source {source.Id}", source.Listen!, ProtocolType.Tcp),
        _ => CheckPort($"source {source.Id}", source.Listen!, ProtocolType.Udp),
    };

    private static CheckedPlace CheckPort(string name, IPEndPoint address, ProtocolType protocol)
    {
        var kind = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        try
        {
            using var socket = new Socket(address.AddressFamily, kind, protocol);
            socket.Bind(address);
            return new CheckedPlace(name, true, $"{address} is free");
        }
        catch (SocketException failure)
        {
            var fix = failure.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "stop whatever listens there, or choose another port",
                SocketError.AccessDenied => "choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE",
                _ => "choose an address of this machine",
            };
            return new CheckedPlace(name, false, $"cannot listen on {address} ({failure.Message}); {fix}.");
        }
    }

    private static CheckedPlace CheckSocketFile(string id, string path)
    {
        var name = $"source {id}";
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return new CheckedPlace(
                name, false, $"the folder {folder} does not exist; create it, or change the source's path.");
        }

        var isLeftOver = false;
        try
        {
            if (Path.Exists(path))
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return new CheckedPlace(
                    name, false, $"somebody listens on {path} already; stop it, or change the source's path.");
            }

            ControlCheck.TryFolder(path);
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionRefused && FileCalls.IsSocket(path))
        {
            isLeftOver = true;
        }
        catch (SocketException)
        {
            return new CheckedPlace(
                name, false, $"something that is not a socket of ours is at {path}; remove it, or change the source's path.");
        }
        catch (ArgumentOutOfRangeException)
        {
            return new CheckedPlace(name, false, $"{path} is too long for a socket; use a shorter path.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new CheckedPlace(
                name, false, $"cannot make {path} ({fault.Message.TrimEnd('.')}); change the source's path, or who may write there.");
        }

        return new CheckedPlace(name, true, isLeftOver ? $"{path} is left over and will be replaced" : $"{path} is free");
    }
}
