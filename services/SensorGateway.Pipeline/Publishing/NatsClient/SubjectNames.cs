using System.Text;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>
/// Subjects as the strings that the client library wants, each made once. Owner: holder of the publish baton.
/// </summary>
internal sealed class SubjectNames
{
    /// <summary>Far above the sensors of a site; a flood of names starts over and only costs allocations.</summary>
    private const int NamesMax = 16_384;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly char[] _text = new char[SensorGateway.Nats.NatsSubject.MaxBytes];

    /// <param name="subject">Valid UTF-8, at most as long as a subject may be.</param>
    public string Of(ReadOnlySpan<byte> subject)
    {
        var text = _text.AsSpan(0, Encoding.UTF8.GetChars(subject, _text));
        var known = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out var name))
        {
            return name;
        }

        if (_names.Count == NamesMax)
        {
            _names.Clear();
        }

        name = text.ToString();
        _names.Add(name);
        return name;
    }
}
