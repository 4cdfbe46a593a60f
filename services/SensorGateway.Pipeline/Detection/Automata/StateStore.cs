using System.Runtime.CompilerServices;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// States of one lazy automaton in flat arrays that grow by doubling up to a bound. Owner: one LazyDfa.
/// </summary>
internal sealed class StateStore
{
    private readonly int _symbols;
    private readonly long _bytesMax;
    private int[] _table;
    private StateInfo[] _infos;
    private int[] _nodes;
    private int[] _buckets; // State number + 1 by hash; open addressing, at most half full.
    private int _nodesUsed;

    public StateStore(int symbols, long bytesMax)
    {
        _symbols = symbols;
        _bytesMax = bytesMax;
        _table = new int[4 * symbols];
        _infos = new StateInfo[4];
        _nodes = new int[32];
        _buckets = new int[16];
        Clear();
    }

    /// <summary>Rows of the transition table.</summary>
    public int[] Table => _table;

    /// <summary>States that exist.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes taken.</summary>
    public long Bytes => sizeof(int) * ((long)_table.Length + _nodes.Length + _buckets.Length)
        + (long)_infos.Length * Unsafe.SizeOf<StateInfo>();

    public ref readonly StateInfo InfoOf(int state) => ref _infos[state];

    public ReadOnlySpan<int> NodesOf(in StateInfo info) => _nodes.AsSpan(info.NodeStart, info.NodeCount);

    /// <summary>Number of an equal state, or -1.</summary>
    public int Find(ReadOnlySpan<int> nodes, DfaContext context, ulong accepts)
    {
        for (var bucket = HashOf(nodes, context, accepts); ; bucket++)
        {
            var state = _buckets[bucket & (_buckets.Length - 1)] - 1;
            if (state < 0)
            {
                return -1;
            }

            ref readonly var info = ref _infos[state];
            if (info.Context == context && info.Accepts == accepts && NodesOf(info).SequenceEqual(nodes))
            {
                return state;
            }
        }
    }

    /// <summary>False when one more state would break the bound.</summary>
    public bool HasRoom(int nodes)
    {
        var grown = Bytes
            + (Count == _infos.Length ? _infos.Length * (long)(Unsafe.SizeOf<StateInfo>() + sizeof(int) * _symbols) : 0)
            + (_nodesUsed + nodes > _nodes.Length ? sizeof(int) * (long)Math.Max(nodes, _nodes.Length) : 0);
        return Count == 1 || grown <= _bytesMax;
    }

    /// <summary>Adds a state; all its transitions are unknown.</summary>
    public int Add(ReadOnlySpan<int> nodes, DfaContext context, ulong accepts)
    {
        if (Count == _infos.Length)
        {
            Array.Resize(ref _infos, 2 * Count);
            Array.Resize(ref _table, 2 * Count * _symbols);
        }

        while (_nodesUsed + nodes.Length > _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _nodes.Length);
        }

        var state = Count++;
        _infos[state] = new StateInfo(accepts, _nodesUsed, nodes.Length, context);
        nodes.CopyTo(_nodes.AsSpan(_nodesUsed));
        _nodesUsed += nodes.Length;
        _table.AsSpan(state * _symbols, _symbols).Fill(LazyDfa.Unknown);
        if (2 * Count > _buckets.Length)
        {
            _buckets = new int[2 * _buckets.Length];
            for (var i = 1; i < Count; i++)
            {
                Place(i);
            }
        }
        else
        {
            Place(state);
        }

        return state;
    }

    /// <summary>Drops all states but the parked one and keeps the memory.</summary>
    public void Clear()
    {
        _nodesUsed = 0;
        _buckets.AsSpan().Clear();
        _table.AsSpan(0, _symbols).Clear(); // Row 0, LazyDfa.Parked, leads only to itself and is never looked up.
        Count = 1;
    }

    private void Place(int state)
    {
        ref readonly var info = ref _infos[state];
        var bucket = HashOf(NodesOf(info), info.Context, info.Accepts);
        while (_buckets[bucket & (_buckets.Length - 1)] != 0)
        {
            bucket++;
        }

        _buckets[bucket & (_buckets.Length - 1)] = state + 1;
    }

    private static int HashOf(ReadOnlySpan<int> nodes, DfaContext context, ulong accepts)
    {
        var hash = (accepts ^ (ulong)context << 56) * 0x9E37_79B9_7F4A_7C15;
        foreach (var node in nodes)
        {
            hash = (hash ^ (uint)node) * 0xFF51_AFD7_ED55_8CCD;
            hash ^= hash >> 32;
        }

        return (int)(hash >> 33) & int.MaxValue >> 1; // Room to count on without overflow.
    }

    /// <summary>One state: nodes it stands for, what lies before it, patterns matched on the way in.</summary>
    public readonly record struct StateInfo(ulong Accepts, int NodeStart, int NodeCount, DfaContext Context);
}
