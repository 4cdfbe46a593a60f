namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>Positions that lead to each other: a repeat, or several nested ones.</summary>
/// <param name="Positions">All of them.</param>
/// <param name="Turns">How often it can go round.</param>
/// <param name="Where">A repeat that it is made of; null for the search for a match's start.</param>
internal sealed record LoopComponent(int[] Positions, int Turns, RepeatNode? Where);

/// <summary>Finds the strongly connected components of a graph (Tarjan), without recursion: patterns can be long.</summary>
internal sealed class LoopComponents
{
    private readonly AmbiguityGraph _graph;
    private readonly int[] _order;
    private readonly int[] _low;
    private readonly bool[] _onStack;
    private readonly Stack<int> _stack = [];
    private readonly Stack<(int Position, int Edge)> _calls = [];
    private readonly List<LoopComponent> _found = [];
    private int _next = 1;

    private LoopComponents(AmbiguityGraph graph)
    {
        _graph = graph;
        _order = new int[graph.Count];
        _low = new int[graph.Count];
        _onStack = new bool[graph.Count];
    }

    /// <summary>
    /// Loops in which a failed match can make the matcher go back, in the order in which a match passes them.
    /// </summary>
    /// <remarks>Where the match can end behind every byte of a loop, the first way through it succeeds.</remarks>
    public static List<LoopComponent> Of(AmbiguityGraph graph)
    {
        var components = new LoopComponents(graph);
        for (var position = 0; position < graph.Count; position++)
        {
            if (components._order[position] == 0)
            {
                components.Visit(position);
            }
        }

        components._found.Reverse(); // Tarjan finds the last ones first.
        return components._found;
    }

    private void Visit(int root)
    {
        Enter(root);
        while (_calls.TryPop(out var call))
        {
            var (position, edge) = call;
            var edges = _graph.EdgesOf(position);
            if (edge > 0)
            {
                _low[position] = Math.Min(_low[position], LowBehind(edges[edge - 1].To));
            }

            while (edge < edges.Count && _order[edges[edge].To] != 0)
            {
                _low[position] = Math.Min(_low[position], LowBehind(edges[edge].To));
                edge++;
            }

            if (edge < edges.Count)
            {
                _calls.Push((position, edge + 1));
                Enter(edges[edge].To);
            }
            else if (_low[position] == _order[position])
            {
                Close(position);
            }
        }
    }

    private int LowBehind(int position) => _onStack[position] ? _low[position] : int.MaxValue;

    private void Enter(int position)
    {
        _order[position] = _low[position] = _next++;
        _stack.Push(position);
        _onStack[position] = true;
        _calls.Push((position, 0));
    }

    private void Close(int first)
    {
        var members = new List<int>();
        int member;
        do
        {
            member = _stack.Pop();
            _onStack[member] = false;
            members.Add(member);
        }
        while (member != first);

        var isLoop = members.Count > 1 || _graph.EdgesOf(first).Any(edge => edge.To == first);
        if (isLoop && !members.TrueForAll(_graph.Accepts))
        {
            var turns = members.Max(position => _graph[position].Turns);
            _found.Add(new LoopComponent([.. members], turns, _graph[first].Around));
        }
    }
}
