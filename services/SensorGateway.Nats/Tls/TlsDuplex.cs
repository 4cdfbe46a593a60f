using System.Threading.Tasks.Sources;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Tls;

/// <summary>What SslStream takes for its network: it never waits.</summary>
/// <remarks>
/// SslStream over a NetworkStream sleeps in a write while the server takes no bytes. Here ciphertext goes into a bounded
/// buffer, and a read that finds nothing stays open until <see cref="Feed"/> completes it, on the caller's own thread.
/// Owners: the sending side writes and empties the buffer, the reading side reads and feeds; during the handshake both
/// are one thread.
/// </remarks>
internal sealed class TlsDuplex(WireSocket socket, int capacityBytes) : Stream, IValueTaskSource<int>
{
    private readonly byte[] _out = GC.AllocateUninitializedArray<byte>(capacityBytes, pinned: true);
    private ManualResetValueTaskSourceCore<int> _read; // Continues inline: no thread of the pool is involved.
    private Memory<byte> _target;
    private volatile bool _isReading;
    private int _outStart;
    private int _outEnd;

    /// <summary>The only thread that may write now; 0 for none.</summary>
    /// <remarks>
    /// SslStream would answer a renegotiation from within a read, on a thread that does not own the buffer. They are
    /// switched off; should one come nevertheless, the session ends.
    /// </remarks>
    public int Writer { get; set; }

    /// <summary>SslStream waits for bytes.</summary>
    public bool IsReading => _isReading;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sending side: hands ciphertext to the kernel; 0 when none is left, WouldBlock or Failed.</summary>
    public int TryFlush()
    {
        while (_outStart < _outEnd)
        {
            var sent = socket.TrySend(_out.AsSpan(_outStart, _outEnd - _outStart));
            if (sent < 0)
            {
                return sent;
            }

            _outStart += sent;
        }

        (_outStart, _outEnd) = (0, 0);
        return 0;
    }

    /// <summary>Reading side: completes the open read with what has arrived. False when nothing has.</summary>
    public bool Feed()
    {
        if (!_isReading)
        {
            return false;
        }

        var received = socket.TryReceive(_target.Span);
        if (received == Transport.WouldBlock)
        {
            return false;
        }

        _isReading = false;
        if (received == Transport.Failed)
        {
            _read.SetException(new IOException(socket.LastErrorText));
        }
        else
        {
            _read.SetResult(received);
        }

        return true;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return new ValueTask<int>(0);
        }

        var received = socket.TryReceive(buffer.Span);
        if (received == Transport.Failed)
        {
            return ValueTask.FromException<int>(new IOException(socket.LastErrorText));
        }

        if (received >= 0)
        {
            return new ValueTask<int>(received);
        }

        _read.Reset();
        _target = buffer;
        _isReading = true;
        return new ValueTask<int>(this, _read.Version);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Environment.CurrentManagedThreadId != Writer)
        {
            throw new IOException("the server asked to negotiate anew, which is switched off");
        }

        if (buffer.Length > _out.Length - _outEnd)
        {
            throw new IOException("more ciphertext than there is room for");
        }

        buffer.CopyTo(_out.AsSpan(_outEnd));
        _outEnd += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("a read here would have to wait");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);
}
