using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>
/// The ways in which a generation of rules looks at a payload. Node 0 is the payload as it came; every other one is its
/// parent after one more step, so that chains with the same beginning share it.
/// </summary>
/// <remarks>Filled while rules are compiled, immutable after that.</remarks>
internal sealed class ViewTree
{
    private readonly List<(int Parent, TransformStep Step)> _nodes = [(-1, default)];

    /// <summary>How many nodes.</summary>
    public int Count => _nodes.Count;

    /// <summary>The node of a chain, made with its parents where it is not there yet.</summary>
    public int NodeOf(TransformChain chain)
    {
        var node = 0;
        foreach (var step in chain.Steps)
        {
            var next = _nodes.IndexOf((node, step));
            if (next < 0)
            {
                next = _nodes.Count;
                _nodes.Add((node, step));
            }

            node = next;
        }

        return node;
    }

    /// <summary>What a node, not 0, is made of.</summary>
    public (int Parent, TransformStep Step) this[int node] => _nodes[node];
}
