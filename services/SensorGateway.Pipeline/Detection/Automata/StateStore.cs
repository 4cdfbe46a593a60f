using System.Runtime.CompilerServices;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// States of one lazy automaton in flat arrays that grow by doubling up to a bound. Owner: one LazyDfa.
/// </summary>
/// <remarks>
/// The class of each byte lies before the rows, in one array with them, so that a step needs one address only. A state
/// is named by the place where its row begins.
/// </remarks>
internal sealed class StateStore
{
    /// <summary>Where the row of the first state begins; one entry for each byte lies before it.</summary>
    public const int FirstRow = 256;

    private readonly int _symbols;
    private readonly long _bytesMax;
    private int[] _table;
    private StateInfo[] _infos;
    private int[] _nodes;
    private int[] _buckets; // State number + 1 by hash; open addressing, at most half full.
    private int _nodesUsed;

    /// <param name="classOf">Class of each byte: the column of a row that its transition stands in.</param>
    /// <param name="symbols">Columns per row.</param>
    /// <param name="bytesMax">When the states take more, they are dropped.</param>
    public StateStore(ReadOnlySpan<byte> classOf, int symbols, long bytesMax)
    {
        _symbols = symbols;
        _bytesMax = bytesMax;
        _table = new int[FirstRow + 4 * symbols];
        for (var value = 0; value < FirstRow; value++)
        {
            _table[value] = classOf[value];
        }

        _infos = new StateInfo[4];
        _nodes = new int[32];
        _buckets = new int[16];
        Clear();
    }

    /// <summary>The class of each byte, then the rows. Moves when states are added.</summary>
    public int[] Table => _table;

    /// <summary>Where the row behind the last state begins.</summary>
    public int RowsEnd => FirstRow + Count * _symbols;

    /// <summary>States that <see cref="HasRoom"/> lets exist whatever the bound.</summary>
    public int Reserved { get; set; } = 1;

    /// <summary>States that exist.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes taken.</summary>
    public long Bytes => sizeof(int) * ((long)_table.Length + _nodes.Length + _buckets.Length)
        + (long)_infos.Length * Unsafe.SizeOf<StateInfo>();

    /// <summary>What is known of the state whose row begins at <paramref name="row"/>.</summary>
    public ref readonly StateInfo InfoOf(int row) => ref _infos[(row - FirstRow) / _symbols];

    public ReadOnlySpan<int> NodesOf(in StateInfo info) => _nodes.AsSpan(info.NodeStart, info.NodeCount);

    /// <summary>Row of an equal state, or -1.</summary>
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
                return FirstRow + state * _symbols;
            }
        }
    }

    /// <summary>False when one more state would break the bound.</summary>
    public bool HasRoom(int nodes)
    {
        var grown = Bytes
            + (Count == _infos.Length ? _infos.Length * (long)(Unsafe.SizeOf<StateInfo>() + sizeof(int) * _symbols) : 0)
            + (_nodesUsed + nodes > _nodes.Length ? sizeof(int) * (long)Math.Max(nodes, _nodes.Length) : 0);
        return Count <= Reserved || grown <= _bytesMax;
    }

    /// <summary>Adds a state; all its transitions are unknown.</summary>
    /// <returns>Its row.</returns>
    public int Add(ReadOnlySpan<int> nodes, DfaContext context, ulong accepts)
    {
        if (Count == _infos.Length)
        {
            Array.Resize(ref _infos, 2 * Count);
            Array.Resize(ref _table, FirstRow + 2 * Count * _symbols);
        }

        while (_nodesUsed + nodes.Length > _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _nodes.Length);
        }

        var state = Count++;
        _infos[state] = new StateInfo(accepts, _nodesUsed, nodes.Length, context);
        nodes.CopyTo(_nodes.AsSpan(_nodesUsed));
        _nodesUsed += nodes.Length;
        var row = FirstRow + state * _symbols;
        _table.AsSpan(row, _symbols).Fill(LazyDfa.UnknownFrom(row));
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

        return row;
    }

    /// <summary>Drops all states but the parked one and keeps the memory.</summary>
    public void Clear()
    {
        _nodesUsed = 0;
        _buckets.AsSpan().Clear();
        _table.AsSpan(FirstRow, _symbols).Fill(FirstRow); // LazyDfa.Parked leads only to itself and is never looked up.
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
