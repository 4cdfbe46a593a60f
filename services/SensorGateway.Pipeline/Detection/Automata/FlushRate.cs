namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>How often an automaton drops its states, by the bytes that its detector has met. Owner: one LazyDfa.</summary>
internal struct FlushRate
{
    /// <summary>
    /// More flushes than this in a megabyte are too many: building states anew then takes longer than doing without.
    /// </summary>
    public const int FlushesMax = 16;

    /// <summary>After so many bytes a rate that was too high is forgotten: the traffic may be another.</summary>
    public const long ForgottenAfterBytes = 64 << 20;

    private const long WindowBytes = 1 << 20;

    private long _windowFrom;
    private long _flushesBefore; // The window.
    private long _flushes;

    /// <summary>Takes note of flushes and tells whether there are too many of late.</summary>
    /// <param name="flushes">All so far.</param>
    /// <param name="bytes">Met so far.</param>
    public bool IsTooHigh(long flushes, long bytes)
    {
        if (bytes - _windowFrom >= WindowBytes)
        {
            (_windowFrom, _flushesBefore) = (bytes, _flushes);
        }

        _flushes = flushes;
        return flushes - _flushesBefore > FlushesMax;
    }

    /// <summary>True when the window with too many lies far back.</summary>
    /// <param name="bytes">Met so far.</param>
    public readonly bool IsForgotten(long bytes) => bytes - _windowFrom >= ForgottenAfterBytes;
}
