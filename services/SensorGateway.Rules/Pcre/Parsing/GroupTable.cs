namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>Numbers and names of the capturing groups of one pattern, and who refers to them.</summary>
internal sealed class GroupTable
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private readonly List<(int ByteOffset, string Name, int Index)> _references = [];

    /// <summary>Groups opened so far.</summary>
    public int Count { get; private set; }

    /// <summary>True when a name was used before its group came.</summary>
    public bool HasForwardNames { get; private set; }

    /// <summary>Gives the next number to a group that opens here.</summary>
    public int Open(int byteOffset, string? name)
    {
        Count++;
        if (name is not null)
        {
            if (!_opened.Add(name))
            {
                throw new PcreRefusal(byteOffset, $"two groups have the name '{name}'", "give each group its own name");
            }

            _indexes[name] = Count;
        }

        return Count;
    }

    /// <summary>Notes a reference by number, relative ones already resolved; checked when the pattern ends.</summary>
    public int Refer(int byteOffset, int index)
    {
        _references.Add((byteOffset, index.ToString(System.Globalization.CultureInfo.InvariantCulture), index));
        return index;
    }

    /// <summary>Resolves a reference by name; 0 for a name that has not come yet.</summary>
    public int Refer(int byteOffset, string name)
    {
        if (!_indexes.TryGetValue(name, out var index))
        {
            HasForwardNames = true;
        }

        _references.Add((byteOffset, name, index));
        return index;
    }

    /// <summary>Forgets everything but the names, for the second reading.</summary>
    public void Restart()
    {
        Count = 0;
        HasForwardNames = false;
        _opened.Clear();
        _references.Clear();
    }

    /// <exception cref="PcreRefusal">Someone refers to a group that does not exist.</exception>
    public void CheckReferences()
    {
        foreach (var (byteOffset, name, index) in _references)
        {
            if (index < 1 || index > Count)
            {
                throw new PcreRefusal(byteOffset, $"there is no group '{name}' to refer to", GroupsFix());
            }
        }
    }

    private string GroupsFix() => Count == 0
        ? "put the group it means in parentheses"
        : $"the pattern has groups 1 to {Count}";
}
