using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using SensorGateway.Pipeline.Sources.Linux;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>The listening socket of a stream source.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StreamListener : IDisposable
{
    private const int Backlog = 1024;
    private const int UnixPathBytesMax = 107; // sun_path without its closing NUL.

    private readonly Socket _socket;
    private readonly string? _path;

    private StreamListener(Socket socket, string endpoint, string? path)
    {
        _socket = socket;
        _path = path;
        _socket.Blocking = false;
        Endpoint = endpoint;
    }

    /// <summary>Where it really listens.</summary>
    public string Endpoint { get; }

    /// <summary>For epoll and accept.</summary>
    public int Descriptor => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Opens the socket that the options name.</summary>
    /// <exception cref="SourceStartException">With place and cure.</exception>
    public static StreamListener Open(SourceOptions options) =>
        options.Type == SourceType.Unix ? OpenUnix(options) : OpenTcp(options);

    /// <summary>Closes the socket; a Unix socket's file goes too.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    private static StreamListener OpenTcp(SourceOptions options)
    {
        var address = options.Listen ?? throw SourceStart.Refused(
            options, "nothing", "no address given", $"set sources.{options.Id}.listen, for example 127.0.0.1:7400");
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            // So that a restart need not wait for the last connections of the run before (TIME_WAIT).
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(address);
            socket.Listen(Backlog);
            return new StreamListener(socket, $"tcp://{socket.LocalEndPoint}", null);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw SourceStart.From(error, options, address.ToString());
        }
    }

    private static StreamListener OpenUnix(SourceOptions options)
    {
        var path = CheckPath(options);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));

            // Before Listen, so that nobody connects while the mode is still the umask's.
            File.SetUnixFileMode(
                path,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            socket.Listen(Backlog);
            return new StreamListener(socket, $"unix:{path}", path);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw SourceStart.From(error, options, path);
        }
        catch (UnauthorizedAccessException)
        {
            socket.Dispose();
            throw SourceStart.From(new SocketException((int)SocketError.AccessDenied), options, path);
        }
    }

    private static string CheckPath(SourceOptions options)
    {
        var key = $"sources.{options.Id}.path";
        if (string.IsNullOrEmpty(options.Path))
        {
            throw SourceStart.Refused(options, "nothing", "no path given", $"set {key}");
        }

        var path = Path.GetFullPath(options.Path);
        if (Encoding.UTF8.GetByteCount(path) > UnixPathBytesMax)
        {
            throw SourceStart.Refused(
                options, path, $"longer than {UnixPathBytesMax} bytes", $"use a shorter path in {key}");
        }

        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder))
        {
            throw SourceStart.Refused(options, path, "the folder does not exist", $"create {folder} or change {key}");
        }

        RemoveStaleSocket(options, path, key);
        return path;
    }

    /// <summary>A killed gateway leaves its socket's file behind; nobody answers there any more.</summary>
    private static void RemoveStaleSocket(SourceOptions options, string path, string key)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused
            && FileCalls.IsSocket(path)) // Connecting to a plain file is refused too; it must not be deleted.
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            throw SourceStart.Refused(
                options, path, "something that is not a socket of ours is there", $"remove it or change {key}");
        }

        throw SourceStart.Refused(
            options, path, "another process listens there", $"stop the other process or change {key}");
    }
}
