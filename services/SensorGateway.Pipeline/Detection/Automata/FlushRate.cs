namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>How often an automaton drops its states, by the bytes of the payloads that it is run on. Owner: one LazyDfa.</summary>
internal sealed class FlushRate
{
    /// <summary>
    /// More flushes than this in a megabyte are too many: building states anew then takes longer than doing without.
    /// </summary>
    public const int FlushesMax = 16;

    /// <summary>After so many bytes a rate that was too high is forgotten: the traffic may be another.</summary>
    public const long ForgottenAfterBytes = 64 << 20;

    private const long WindowBytes = 1 << 20;

    private long _bytes;
    private long _windowFrom;
    private int _flushes; // In the window.

    /// <summary>True when the last flush that was one too many lies far back.</summary>
    public bool IsForgotten => _bytes - _windowFrom >= ForgottenAfterBytes;

    /// <summary>Counts a payload.</summary>
    public void Take(int bytes) => _bytes += bytes;

    /// <summary>Counts a flush and tells whether there are too many of late.</summary>
    public bool IsTooHigh()
    {
        if (_bytes - _windowFrom >= WindowBytes)
        {
            (_windowFrom, _flushes) = (_bytes, 0);
        }

        return ++_flushes > FlushesMax;
    }
}
