namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Finds all literals of a generation in a payload. Immutable; shared by all workers.</summary>
internal sealed class LiteralScanner
{
    private readonly GramScanner _grams;
    private readonly ShortScanner _shorts;

    /// <param name="literals">The table.</param>
    /// <param name="numbers">Which of its literals to look for.</param>
    /// <param name="frequency">What is common in traffic.</param>
    public LiteralScanner(LiteralTable literals, IReadOnlyCollection<int> numbers, GramFrequency frequency)
    {
        _grams = new GramScanner(
            literals, [.. numbers.Where(number => literals.LengthOf(number) >= GramScanner.GramBytes)], frequency);
        _shorts = new ShortScanner(
            literals, [.. numbers.Where(number => literals.LengthOf(number) < GramScanner.GramBytes)]);
    }

    /// <summary>Tells the sink every occurrence.</summary>
    public void Scan<TSink>(ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        _grams.Scan(payload, ref sink);
        _shorts.Scan(payload, ref sink);
    }
}
