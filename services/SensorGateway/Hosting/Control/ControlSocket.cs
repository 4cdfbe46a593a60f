using System.Net.Sockets;
using System.Text;
using SensorGateway.Pipeline.Sources.Linux;

namespace SensorGateway.Hosting.Control;

/// <summary>The listening Unix socket for control, for its owner's eyes only; its file goes when it is disposed.</summary>
internal sealed class ControlSocket : IDisposable
{
    private const int PathBytesMax = 107; // sun_path without its closing NUL.
    private const int Backlog = 16;

    private readonly string _path;
    private int _disposed;

    private ControlSocket(Socket socket, string path)
    {
        Socket = socket;
        _path = path;
    }

    /// <summary>Listens.</summary>
    public Socket Socket { get; }

    /// <summary>Listens on a path; what a killed gateway left there is replaced.</summary>
    /// <exception cref="ControlSocketException">It cannot, or another gateway listens there.</exception>
    public static ControlSocket Open(string path)
    {
        var socket = NewSocket();
        try
        {
            if (IsLeftOver(path))
            {
                File.Delete(path);
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));

            if (!OperatingSystem.IsWindows())
            {
                // Before Listen, so that nobody connects while the mode is still the umask's.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            socket.Listen(Backlog);
            return new ControlSocket(socket, path);
        }
        catch (Exception fault) when (fault is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw CannotBeMade(path, fault.Message.TrimEnd('.'));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return; // The path may be another gateway's by now.
        }

        try
        {
            File.Delete(_path); // While we still listen: afterwards a starting gateway may have put its own there.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Left over; the next start replaces it.
        }

        Socket.Dispose();
    }

    /// <summary>A stream socket of the Unix family.</summary>
    internal static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Why a path cannot have a socket.</summary>
    internal static ControlSocketException CannotBeMade(string path, string reason) =>
        Refused(path, $"cannot be made ({reason})", "use a folder the gateway may write to");

    /// <summary>Whether a killed gateway's socket is in the way; it may be removed, for nobody answers there any more.</summary>
    /// <exception cref="ControlSocketException">No gateway can listen there, or one does.</exception>
    /// <exception cref="SocketException">It cannot be asked.</exception>
    internal static bool IsLeftOver(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
        {
            throw Refused(path, $"is longer than {PathBytesMax} bytes", "use a shorter path");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw Refused(path, "is in a folder that does not exist", "create it, or use another path");
        }

        if (!Path.Exists(path))
        {
            return false;
        }

        if (!FileCalls.IsSocket(path))
        {
            throw Refused(path, "is a file that is not a socket", "remove it, or use another path");
        }

        using var probe = NewSocket();
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }

        throw Refused(path, "belongs to a gateway that runs", "stop it, or give each gateway its own path", true);
    }

    private static ControlSocketException Refused(string path, string problem, string fix, bool isInUse = false) =>
        new($"{path} {problem}; {fix}.", isInUse);
}

/// <summary>Why there is no control socket.</summary>
internal sealed class ControlSocketException(string problem, bool isInUse)
    : CommandException(ExitCodes.BadEnvironment, $"control.socket: {problem}")
{
    /// <summary>The path, what is wrong with it and what to do.</summary>
    public string Problem { get; } = problem;

    /// <summary>True when another gateway listens there: two must not believe that they own one path.</summary>
    public bool IsInUse { get; } = isInUse;
}
