using SensorGateway.Pipeline.Detection.Factors;

namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Finds all literals of a generation in a payload. Immutable; shared by all workers.</summary>
/// <remarks>
/// The longer a literal, the fewer positions need a look. Short ones go into buckets where the processor can; many of
/// them
/// would blur the buckets, so those of four bytes and more are then probed at every position instead.
/// </remarks>
internal sealed class LiteralScanner
{
    private readonly GramScanner<EveryFourth> _long;
    private readonly GramScanner<EverySecond> _middle;
    private readonly GramScanner<EveryPosition> _dense;
    private readonly BucketScanner? _buckets;
    private readonly ShortScanner? _shorts;

    /// <param name="literals">The table.</param>
    /// <param name="numbers">Which of its literals to look for.</param>
    /// <param name="frequency">What is common in traffic.</param>
    /// <param name="isPortable">
    /// True to use no instructions beyond the portable ones, whatever the processor can.
    /// </param>
    public LiteralScanner(
        LiteralTable literals, IReadOnlyCollection<int> numbers, GramFrequency frequency, bool isPortable = false)
    {
        var denseMin = GramScanner<EveryPosition>.LiteralBytesMin;
        var middleMin = GramScanner<EverySecond>.LiteralBytesMin;
        var longMin = GramScanner<EveryFourth>.LiteralBytesMin;
        int[] Between(int from, int to) =>
            [.. numbers.Where(number => literals.LengthOf(number) >= from && literals.LengthOf(number) < to)];

        // Buckets up to this length; what is longer goes on from there.
        var useBuckets = BucketScanner.IsSupported && !isPortable;
        var bucketsEnd = useBuckets
            ? Array.Find(
                [longMin, middleMin, denseMin],
                end => end == denseMin || Between(0, end).Length <= BucketScanner.LiteralsMax)
            : denseMin;

        // A dense scan is there for four bytes, so it may take five and six as well.
        var denseEnd = bucketsEnd == denseMin ? longMin : bucketsEnd;
        _long = new GramScanner<EveryFourth>(literals, Between(longMin, int.MaxValue), frequency);
        _middle = new GramScanner<EverySecond>(literals, Between(denseEnd, longMin), frequency);
        _dense = new GramScanner<EveryPosition>(literals, Between(bucketsEnd, denseEnd), frequency);
        _buckets = useBuckets ? new BucketScanner(literals, Between(0, bucketsEnd), frequency) : null;
        _shorts = useBuckets ? null : new ShortScanner(literals, Between(0, bucketsEnd));
    }

    /// <summary>Tells the sink every occurrence.</summary>
    public void Scan<TSink>(ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        _long.Scan(payload, ref sink);
        _middle.Scan(payload, ref sink);
        _dense.Scan(payload, ref sink);
        _buckets?.Scan(payload, ref sink);
        _shorts?.Scan(payload, ref sink);
    }
}
