namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>
/// The payload as each chain of transforms leaves it, worked out when first asked for and at most once per payload.
/// Owner: one detector.
/// </summary>
internal sealed class PayloadViews
{
    /// <summary>The largest payload of default sources; longer ones make the buffers grow once.</summary>
    private const int BufferBytes = 64 * 1024;

    private readonly ViewTree _tree;
    private readonly byte[][] _buffers;
    private readonly int[] _lengths;
    private readonly int[] _holders; // The node whose bytes a node has: itself, or the one that it left unchanged.
    private readonly bool[] _isCurrent;

    public PayloadViews(ViewTree tree)
    {
        _tree = tree;
        _buffers = new byte[tree.Count][];
        for (var node = 0; node < tree.Count; node++)
        {
            _buffers[node] = node == 0 ? [] : new byte[BufferBytes];
        }

        _lengths = new int[tree.Count];
        _holders = new int[tree.Count];
        _isCurrent = new bool[tree.Count];
    }

    /// <summary>Forgets the payload before.</summary>
    public void Reset() => _isCurrent.AsSpan().Clear();

    /// <summary>The payload as a node sees it; valid until the next <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Of(int node, ReadOnlySpan<byte> payload)
    {
        if (node == 0)
        {
            return payload;
        }

        if (!_isCurrent[node])
        {
            Compute(node, payload);
        }

        var holder = _holders[node];
        return holder == 0 ? payload : _buffers[holder].AsSpan(0, _lengths[holder]);
    }

    private void Compute(int node, ReadOnlySpan<byte> payload)
    {
        var (parent, step) = _tree[node];
        var input = Of(parent, payload);
        if (_buffers[node].Length < input.Length)
        {
            _buffers[node] = new byte[input.Length];
        }

        var written = Transform.Apply(step, input, _buffers[node]);
        _lengths[node] = written;
        _holders[node] = written == Transform.Unchanged ? _holders[parent] : node;
        _isCurrent[node] = true;
    }
}
