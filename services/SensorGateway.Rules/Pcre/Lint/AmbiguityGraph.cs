namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>A place in a pattern that consumes one byte.</summary>
/// <param name="Set">The bytes it takes.</param>
/// <param name="Turns">How often the repeats around it can go round, at most <see cref="AmbiguityGraph.PayloadBytes"/>.</param>
/// <param name="Around">The outermost repeat around it, or null.</param>
internal readonly record struct GraphPosition(ByteSet Set, int Turns, RepeatNode? Around);

/// <summary>A step from one position to the next.</summary>
/// <param name="To">The next position.</param>
/// <param name="Label">Bytes that it takes on this way.</param>
/// <param name="Ways">1, or 2 when the matcher has several ways that consume nothing in between.</param>
internal readonly record struct GraphEdge(int To, ByteSet Label, int Ways);

/// <summary>
/// Position automaton of a pattern as a backtracking matcher walks it: edges count their ways, so that
/// <c>(a*)*</c> and <c>a*</c> differ.
/// </summary>
internal sealed class AmbiguityGraph
{
    /// <summary>Costs are those of a payload this long.</summary>
    public const int PayloadBytes = 4096;

    /// <summary>Edges of one graph at most; more are too many to judge.</summary>
    public const int EdgesMax = 400_000;

    /// <summary>Positions of one graph at most.</summary>
    public const int PositionsMax = 100_000;

    private readonly List<GraphPosition> _positions = [];
    private readonly List<List<GraphEdge>> _edges = [];
    private readonly List<bool> _accepts = [];
    private readonly Dictionary<long, int> _edgeIndexes = [];

    /// <summary>True when it outgrew its bounds; it is then incomplete.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Positions.</summary>
    public int Count => _positions.Count;

    /// <summary>A position.</summary>
    public GraphPosition this[int position] => _positions[position];

    /// <summary>Steps onwards.</summary>
    public IReadOnlyList<GraphEdge> EdgesOf(int position) => _edges[position];

    /// <summary>True when the match, or the look-around it stands in, can always end right behind this position.</summary>
    public bool Accepts(int position) => _accepts[position];

    /// <summary>Marks a position as one behind which the match can always end.</summary>
    public void SetAccepts(int position) => _accepts[position] = true;

    /// <summary>Adds a position.</summary>
    public int Add(GraphPosition position)
    {
        if (_positions.Count == PositionsMax)
        {
            IsTooLarge = true;
            return 0;
        }

        _positions.Add(position);
        _edges.Add([]);
        _accepts.Add(false);
        return _positions.Count - 1;
    }

    /// <summary>Adds an edge, or its ways to one that is there.</summary>
    public void Connect(int from, int to, ByteSet label, int ways)
    {
        if (IsTooLarge || label == default)
        {
            return;
        }

        var key = (long)from << 32 | (uint)to;
        if (!_edgeIndexes.TryGetValue(key, out var index))
        {
            IsTooLarge = _edgeIndexes.Count == EdgesMax;
            _edgeIndexes.Add(key, _edges[from].Count);
            _edges[from].Add(new GraphEdge(to, label, ways));
            return;
        }

        var known = _edges[from][index];
        var more = known.Label.Intersect(label) == default ? Math.Max(known.Ways, ways) : 2;
        _edges[from][index] = new GraphEdge(to, known.Label.Union(label), more);
    }
}
