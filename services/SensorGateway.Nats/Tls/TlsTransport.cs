using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Tls;

/// <summary>An encrypted connection of the shape of a plain one: neither send nor receive ever waits.</summary>
/// <remarks>
/// At most one encrypted chunk waits for the kernel; while it does, nothing more is encrypted. So a server that takes no
/// bytes costs its own connection some memory and the others nothing. Encrypting and decrypting exclude each other for
/// the time of one record (OpenSSL has one state for both); the reading side holds that for a few microseconds.
/// </remarks>
internal sealed class TlsTransport : Transport
{
    /// <summary>Most plaintext in one go; larger sends would only gain fewer system calls.</summary>
    public const int ChunkBytes = 64 * 1024;
    private const int RecordBytes = 16 * 1024;
    private const int CipherBytes = ChunkBytes + ChunkBytes / 8 + 32 * 1024; // Room for a handshake's flight as well.

    private readonly WireSocket _socket;
    private readonly TlsDuplex _duplex;
    private readonly byte[] _plain = new byte[RecordBytes];
    private ValueTask<int> _read;
    private bool _isReading;
    private int _plainStart;
    private int _plainBytes;
    private volatile string? _failure;

    public TlsTransport(WireSocket socket)
    {
        _socket = socket;
        _duplex = new TlsDuplex(socket, CipherBytes);
        Stream = new SslStream(_duplex, leaveInnerStreamOpen: true);
    }

    public SslStream Stream { get; }

    public override int Descriptor => _socket.Descriptor;

    public override string LastErrorText => _failure ?? _socket.LastErrorText;

    /// <summary>Lets one thread do both sides until the task is done.</summary>
    /// <param name="handshake">Made of <see cref="Stream"/>.</param>
    /// <param name="isLate">Asked about ten times a second.</param>
    /// <returns>False when it was late.</returns>
    public bool TryComplete(Func<Task> handshake, Func<bool> isLate)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // Else tasks would go on in the thread pool.
        try
        {
            _duplex.Writer = Environment.CurrentManagedThreadId;
            return TryComplete(handshake(), isLate);
        }
        finally
        {
            _duplex.Writer = 0;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (TryFlush() is < 0 and var blocked)
        {
            return blocked;
        }

        var chunk = bytes[..Math.Min(bytes.Length, ChunkBytes)];
        try
        {
            _duplex.Writer = Environment.CurrentManagedThreadId;
            Stream.Write(chunk);
        }
        catch (Exception problem) when (problem is IOException or InvalidOperationException)
        {
            return Fail(problem);
        }
        finally
        {
            _duplex.Writer = 0;
        }

        return TryFlush() == Failed ? Failed : chunk.Length;
    }

    public override int TryFlush() => _duplex.TryFlush();

    public override int TryReceive(Span<byte> target)
    {
        if (_plainBytes == 0 && FillPlain() is <= 0 and var nothing)
        {
            return nothing;
        }

        var bytes = Math.Min(target.Length, _plainBytes);
        _plain.AsSpan(_plainStart, bytes).CopyTo(target);
        _plainStart += bytes;
        _plainBytes -= bytes;
        return bytes;
    }

    /// <summary>What SslStream has read ahead is not in the socket any more: it is looked at first.</summary>
    public override bool WaitReadable(TimeSpan limit)
    {
        if (_plainBytes > 0)
        {
            return true;
        }

        BeginRead();
        return _read.IsCompleted || _socket.WaitReadable(limit);
    }

    public override bool WaitWritable(TimeSpan limit) => _socket.WaitWritable(limit);

    public override void Shutdown() => _socket.Shutdown();

    public override void Dispose()
    {
        Stream.Dispose();
        _duplex.Dispose();
        _socket.Dispose();
    }

    private bool TryComplete(Task task, Func<bool> isLate)
    {
        var checkEvery = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            var flushed = _duplex.TryFlush();
            if (flushed == Failed && !task.IsCompleted)
            {
                throw new IOException(_socket.LastErrorText);
            }

            if (task.IsCompleted && flushed != WouldBlock)
            {
                task.GetAwaiter().GetResult();
                return true;
            }

            if (_duplex.Feed())
            {
                continue;
            }

            if (isLate())
            {
                return false;
            }

            _ = flushed == WouldBlock ? _socket.WaitWritable(checkEvery) : _socket.WaitReadable(checkEvery);
        }
    }

    private int FillPlain()
    {
        try
        {
            BeginRead();
            while (!_read.IsCompleted)
            {
                if (!_duplex.Feed())
                {
                    return WouldBlock;
                }
            }

            _isReading = false;
            (_plainStart, _plainBytes) = (0, _read.GetAwaiter().GetResult());
            return _plainBytes;
        }
        catch (Exception problem) when (problem is IOException or InvalidOperationException)
        {
            return Fail(problem);
        }
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "Looked at until it is complete, then consumed once.")]
    private void BeginRead()
    {
        if (!_isReading)
        {
            _read = Stream.ReadAsync(_plain.AsMemory());
            _isReading = true;
        }
    }

    private int Fail(Exception problem)
    {
        _failure ??= Describe(problem);
        return Failed;
    }

    /// <summary>The innermost cause: SslStream wraps what OpenSSL says twice.</summary>
    public static string Describe(Exception problem)
    {
        var cause = problem;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return ServerText.Printable(System.Text.Encoding.UTF8.GetBytes(cause.Message)).TrimEnd('.');
    }
}
