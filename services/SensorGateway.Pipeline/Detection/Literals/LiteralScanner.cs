namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Finds all literals of a generation in a payload. Immutable; shared by all workers.</summary>
/// <remarks>
/// Long literals are found by strides. Short ones go into buckets where the processor can; many of four bytes and more
/// would blur those and are probed at every position instead.
/// </remarks>
internal sealed class LiteralScanner
{
    private const int ProbedBytesMin = 4;

    private readonly GramScanner<EveryFourth> _long;
    private readonly GramScanner<EveryPosition> _middle;
    private readonly BucketScanner? _buckets;
    private readonly ShortScanner? _shorts;

    /// <param name="literals">The table.</param>
    /// <param name="numbers">Which of its literals to look for.</param>
    /// <param name="frequency">What is common in traffic.</param>
    /// <param name="isPortable">True to use no instructions beyond the portable ones, whatever the processor can.</param>
    public LiteralScanner(
        LiteralTable literals, IReadOnlyCollection<int> numbers, GramFrequency frequency, bool isPortable = false)
    {
        var longMin = GramScanner<EveryFourth>.LiteralBytesMin;
        int[] Between(int from, int to) =>
            [.. numbers.Where(number => literals.LengthOf(number) >= from && literals.LengthOf(number) < to)];

        _long = new GramScanner<EveryFourth>(literals, Between(longMin, int.MaxValue), frequency);
        var useBuckets = BucketScanner.IsSupported && !isPortable;
        var probedMin = useBuckets && Between(0, longMin).Length <= BucketScanner.LiteralsMax ? longMin : ProbedBytesMin;
        _middle = new GramScanner<EveryPosition>(literals, Between(probedMin, longMin), frequency);
        if (useBuckets)
        {
            _buckets = new BucketScanner(literals, Between(0, probedMin), frequency);
        }
        else
        {
            _shorts = new ShortScanner(literals, Between(0, probedMin));
        }
    }

    /// <summary>Tells the sink every occurrence.</summary>
    public void Scan<TSink>(ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        _long.Scan(payload, ref sink);
        _middle.Scan(payload, ref sink);
        _buckets?.Scan(payload, ref sink);
        _shorts?.Scan(payload, ref sink);
    }
}
