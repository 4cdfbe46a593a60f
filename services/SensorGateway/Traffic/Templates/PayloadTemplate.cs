namespace SensorGateway.Traffic.Templates;

/// <summary>One payload rendered ahead of time, with the places whose bytes differ each time it is used.</summary>
internal sealed class PayloadTemplate
{
    private readonly byte[] _bytes;
    private readonly LiveField[] _fields;
    private readonly int _markerAt;

    private PayloadTemplate(TrafficKind kind, byte[] bytes, LiveField[] fields, int markerAt)
    {
        Kind = kind;
        _bytes = bytes;
        _fields = fields;
        _markerAt = markerAt;
    }

    /// <summary>What the payload is.</summary>
    public TrafficKind Kind { get; }

    /// <summary>Bytes without a marker.</summary>
    public int Bytes => _bytes.Length;

    /// <summary>Reads <paramref name="text"/> in the language of <see cref="Live"/>.</summary>
    /// <param name="kind">What the payload is.</param>
    /// <param name="text">Without <see cref="Live.Marker"/> a marker is appended.</param>
    public static PayloadTemplate Parse(TrafficKind kind, string text)
    {
        var bytes = new List<byte>(text.Length);
        var fields = new List<LiveField>();
        var markerAt = -1;
        foreach (var character in text)
        {
            if (character == Live.Marker)
            {
                markerAt = bytes.Count;
            }
            else if (character < 0x100)
            {
                bytes.Add((byte)character);
            }
            else
            {
                fields.Add(new LiveField(bytes.Count, character));
                bytes.Add(0);
            }
        }

        return new PayloadTemplate(kind, [.. bytes], [.. fields], markerAt < 0 ? bytes.Count : markerAt);
    }

    /// <summary>Writes the payload with fresh live bytes.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> buffer, Random random, ReadOnlySpan<byte> marker)
    {
        _bytes.CopyTo(buffer);
        foreach (var field in _fields)
        {
            buffer[field.Offset] = field.Draw(random);
        }

        if (marker.Length > 0)
        {
            var tail = buffer[_markerAt.._bytes.Length];
            tail.CopyTo(buffer[(_markerAt + marker.Length)..]);
            marker.CopyTo(buffer[_markerAt..]);
        }

        return _bytes.Length + marker.Length;
    }

    private readonly record struct LiveField(int Offset, char Live)
    {
        public byte Draw(Random random)
        {
            var alphabet = Templates.Live.Alphabet(Live);
            return alphabet.Length > 0
                ? alphabet[random.Next(alphabet.Length)]
                : (byte)random.Next(Live == Templates.Live.LowByte ? 0x40 : 0x100);
        }
    }
}
