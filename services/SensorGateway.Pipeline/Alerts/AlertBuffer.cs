using System.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>A growing buffer for one message; pooled, so that a worker that is rebuilt finds a grown one.</summary>
internal sealed class AlertBuffer : IBufferWriter<byte>, IResettable
{
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Makes the buffer empty; it keeps its size.</summary>
    public void Clear() => _length = 0;

    public bool TryReset()
    {
        Clear();
        return true;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 256);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }
}
