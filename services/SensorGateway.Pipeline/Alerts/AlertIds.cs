using System.Globalization;
using System.Text;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>Makes the ids of alerts: gateway name, boot epoch, sequence. Shared by all detection workers.</summary>
/// <remarks>Unique for ever: the epoch is the start time in milliseconds, made larger than any used before.</remarks>
internal sealed class AlertIds
{
    private readonly byte[] _prefix;
    private long _sequence;

    /// <param name="gateway">The gateway's name.</param>
    /// <param name="bootEpoch">Milliseconds since 1970 at start.</param>
    public AlertIds(string gateway, long bootEpoch) =>
        _prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{gateway}-{bootEpoch:x10}-"));

    /// <summary>Room an id needs.</summary>
    public int BytesMax => _prefix.Length + 20;

    /// <summary>Writes the next id and returns its length in bytes.</summary>
    public int WriteNext(Span<byte> id)
    {
        var sequence = Interlocked.Increment(ref _sequence);
        _prefix.CopyTo(id);
        sequence.TryFormat(id[_prefix.Length..], out var digits, provider: CultureInfo.InvariantCulture);
        return _prefix.Length + digits;
    }
}
