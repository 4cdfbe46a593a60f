namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Collects literals; equal ones get the same number.</summary>
internal sealed class LiteralTableBuilder
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<byte> _bytes = [];
    private readonly List<byte> _masks = [];
    private readonly List<int> _starts = [0];

    /// <summary>Number of the literal, which has at least one byte.</summary>
    public int Add(ReadOnlySpan<byte> literal, bool noCase)
    {
        var key = new char[literal.Length * 2];
        for (var i = 0; i < literal.Length; i++)
        {
            var folds = noCase && char.IsAsciiLetter((char)literal[i]);
            key[2 * i] = (char)(folds ? literal[i] | 0x20 : literal[i]);
            key[2 * i + 1] = folds ? '\x20' : '\0';
        }

        var text = new string(key);
        if (_numbers.TryGetValue(text, out var number))
        {
            return number;
        }

        for (var i = 0; i < key.Length; i += 2)
        {
            _bytes.Add((byte)key[i]);
            _masks.Add((byte)key[i + 1]);
        }

        number = _starts.Count - 1;
        _starts.Add(_bytes.Count);
        _numbers.Add(text, number);
        return number;
    }

    /// <summary>The finished table.</summary>
    public LiteralTable Build() => new([.. _bytes], [.. _masks], [.. _starts]);
}
