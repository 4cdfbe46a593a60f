namespace SensorGateway.Profiling.Graphs;

/// <summary>Samples, merged from the root by frame names.</summary>
internal sealed class StackTree
{
    /// <summary>Stands below all threads.</summary>
    public StackNode Root { get; } = new("all");

    /// <summary>Counts one stack.</summary>
    /// <param name="frames">Outermost first.</param>
    public void Add(ReadOnlySpan<string> frames)
    {
        var node = Root;
        node.Samples++;
        foreach (var frame in frames)
        {
            node = node.Child(frame);
            node.Samples++;
        }
    }
}

/// <summary>One frame where it was called from.</summary>
internal sealed class StackNode(string frame)
{
    private readonly Dictionary<string, StackNode> _children = new(StringComparer.Ordinal);

    /// <summary>Full name.</summary>
    public string Frame { get; } = frame;

    /// <summary>Samples in it and all it called.</summary>
    public long Samples { get; set; }

    /// <summary>What it called, by name.</summary>
    public IEnumerable<StackNode> Children => _children.Values.OrderBy(static child => child.Frame, StringComparer.Ordinal);

    /// <summary>A callee; made when it is new.</summary>
    public StackNode Child(string name)
    {
        if (!_children.TryGetValue(name, out var child))
        {
            _children.Add(name, child = new StackNode(name));
        }

        return child;
    }

    /// <summary>A callee, or null.</summary>
    public StackNode? Find(string name) => _children.GetValueOrDefault(name);
}
