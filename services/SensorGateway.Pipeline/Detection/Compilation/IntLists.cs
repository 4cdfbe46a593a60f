namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>A list of integers per key, all in one array. Immutable.</summary>
internal sealed class IntLists
{
    private readonly int[] _starts;
    private readonly int[] _values;

    public IntLists(IReadOnlyList<List<int>?> lists)
    {
        _starts = new int[lists.Count + 1];
        for (var i = 0; i < lists.Count; i++)
        {
            _starts[i + 1] = _starts[i] + (lists[i]?.Count ?? 0);
        }

        _values = new int[_starts[^1]];
        for (var i = 0; i < lists.Count; i++)
        {
            lists[i]?.CopyTo(_values, _starts[i]);
        }
    }

    /// <summary>The list of a key.</summary>
    public ReadOnlySpan<int> this[int key] => _values.AsSpan(_starts[key], _starts[key + 1] - _starts[key]);
}
