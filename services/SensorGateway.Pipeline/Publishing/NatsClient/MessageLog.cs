using System.Numerics;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>Messages in a preallocated circle of bytes, kept until they are released. Owner: holder of the publish baton.</summary>
/// <remarks>
/// Invariant, in bytes and in messages alike: <c>released &lt;= sent &lt;= appended &lt;= released + capacity</c>;
/// positions only grow. A message lies whole; room that is skipped at the end of a lap has a header of its own.
/// </remarks>
internal sealed class MessageLog
{
    private const int MinBytes = 4096;
    private const int Alignment = HeaderBytes; // So that a header always fits before the end of a lap.
    private const int Skipped = -1;
    private const int HeaderBytes = 16;

    private readonly byte[] _bytes;
    private readonly int _mask;
    private LogMark _released;
    private LogMark _sent;
    private LogMark _appended;
    private LogMark _copied; // Where TryCopy was last, so that asking for one after the other walks the log once.

    /// <param name="capacityBytes">Rounded up to a power of two, at least 4 KiB.</param>
    public MessageLog(int capacityBytes)
    {
        var capacity = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacityBytes, MinBytes)), 1u << 30);
        _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true); // Untouched pages cost no memory.
        _mask = capacity - 1;
    }

    public LogMark Released => _released;

    /// <summary>Behind the last message that was handed on, in this session.</summary>
    public LogMark Sent => _sent;

    public LogMark Appended => _appended;

    public bool HasUnsent => _sent.Messages < _appended.Messages;

    /// <summary>Less than a quarter is free: time to ask for confirmation.</summary>
    public bool IsNearlyFull => FreeShare < 0.25;

    /// <summary>Part of the room that is free, 0 to 1.</summary>
    public double FreeShare => 1 - ((_appended.Position - _released.Position) / (double)_bytes.Length);

    public long Kept => _appended.Messages - _released.Messages;

    /// <summary>False for a message that would not fit into an empty log, wherever its position is.</summary>
    public bool CanHold(int subjectBytes, int payloadBytes) => RecordBytes(subjectBytes, payloadBytes) <= _bytes.Length / 2;

    /// <summary>Copies one message. False when there is no room now.</summary>
    public bool TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        var bytes = RecordBytes(subject.Length, payload.Length);
        var start = (int)(_appended.Position & _mask);
        var skipped = bytes > _bytes.Length - start ? _bytes.Length - start : 0;
        if (skipped + bytes > _bytes.Length - (_appended.Position - _released.Position))
        {
            return false;
        }

        if (skipped > 0)
        {
            HeaderAt(start) = new Header(Skipped, 0, false);
            start = 0;
        }

        HeaderAt(start) = new Header(subject.Length, payload.Length, false);
        subject.CopyTo(_bytes.AsSpan(start + HeaderBytes));
        payload.CopyTo(_bytes.AsSpan(start + HeaderBytes + subject.Length));
        _appended = _appended.Plus(skipped + bytes);
        return true;
    }

    /// <summary>The first message not handed on yet; those dropped before are passed over.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> subject, out ReadOnlyMemory<byte> payload)
    {
        while (HasUnsent && HeaderAt(StartOf(_sent, out _)).IsDropped)
        {
            Advance();
        }

        if (!HasUnsent)
        {
            subject = default;
            payload = default;
            return false;
        }

        var start = StartOf(_sent, out _);
        var header = HeaderAt(start);
        subject = _bytes.AsSpan(start + HeaderBytes, header.SubjectBytes);
        payload = _bytes.AsMemory(start + HeaderBytes + header.SubjectBytes, header.PayloadBytes);
        return true;
    }

    /// <summary>The message that <see cref="TryPeek"/> showed is handed on.</summary>
    public void Advance() => _sent = Behind(_sent);

    /// <summary>The message that <see cref="TryPeek"/> showed is given up, in later sessions too.</summary>
    public void Drop()
    {
        ref var header = ref HeaderAt(StartOf(_sent, out _));
        header = header with { IsDropped = true };
        Advance();
    }

    /// <summary>A new session begins with the first message that is not released. Returns how many go again.</summary>
    public long Rewind()
    {
        var again = _sent.Messages - _released.Messages;
        _sent = _released;
        return again;
    }

    /// <summary>Makes room of everything before the mark, which was taken from <see cref="Sent"/>.</summary>
    public void ReleaseThrough(LogMark mark)
    {
        if (mark.Messages > _released.Messages)
        {
            _released = mark;
        }

        if (_released.Messages > _sent.Messages)
        {
            _sent = _released; // Confirmed by the session before: not sent again.
        }
    }

    /// <summary>Copies a kept message out: its subject, and its payload behind that.</summary>
    /// <param name="ordinal">From 0, the oldest, to below <see cref="Kept"/>.</param>
    /// <param name="target">Room for both.</param>
    /// <param name="subjectBytes">Length of the subject.</param>
    /// <param name="payloadBytes">Length of the payload.</param>
    /// <returns>False when there is none, it is dropped, or it is longer than the target.</returns>
    public bool TryCopy(long ordinal, Span<byte> target, out int subjectBytes, out int payloadBytes)
    {
        (subjectBytes, payloadBytes) = (0, 0);
        var wanted = _released.Messages + ordinal;
        if (ordinal < 0 || ordinal >= Kept)
        {
            return false;
        }

        if (_copied.Messages < _released.Messages || _copied.Messages > wanted)
        {
            _copied = _released;
        }

        while (_copied.Messages < wanted)
        {
            _copied = Behind(_copied);
        }

        var start = StartOf(_copied, out _);
        var header = HeaderAt(start);
        if (header.IsDropped || header.SubjectBytes + header.PayloadBytes > target.Length)
        {
            return false;
        }

        (subjectBytes, payloadBytes) = (header.SubjectBytes, header.PayloadBytes);
        _bytes.AsSpan(start + HeaderBytes, subjectBytes + payloadBytes).CopyTo(target);
        return true;
    }

    private static int RecordBytes(int subjectBytes, int payloadBytes) =>
        (HeaderBytes + subjectBytes + payloadBytes + Alignment - 1) & -Alignment;

    private LogMark Behind(LogMark mark)
    {
        var header = HeaderAt(StartOf(mark, out var skipped));
        return mark.Plus(skipped + RecordBytes(header.SubjectBytes, header.PayloadBytes));
    }

    private int StartOf(LogMark mark, out int skipped)
    {
        var start = (int)(mark.Position & _mask);
        skipped = HeaderAt(start).SubjectBytes == Skipped ? _bytes.Length - start : 0;
        return skipped > 0 ? 0 : start;
    }

    private ref Header HeaderAt(int start) => ref MemoryMarshal.AsRef<Header>(_bytes.AsSpan(start, HeaderBytes));

    [StructLayout(LayoutKind.Sequential, Size = HeaderBytes)]
    private readonly record struct Header(int SubjectBytes, int PayloadBytes, bool IsDropped);
}

/// <summary>A place between two messages.</summary>
/// <param name="Messages">Messages before it, since the log was made.</param>
/// <param name="Position">Bytes before it.</param>
internal readonly record struct LogMark(long Messages, long Position)
{
    public LogMark Plus(int bytes) => new(Messages + 1, Position + bytes);
}
