namespace SensorGateway.Pipeline.Detection.Verdicts;

/// <summary>What the cache keeps of a verdict.</summary>
/// <param name="rules">Reported rules, ascending.</param>
/// <param name="sha256">32 bytes, or empty when nobody asked for the digest.</param>
internal readonly ref struct CachedVerdict(ReadOnlySpan<int> rules, ReadOnlySpan<byte> sha256)
{
    public ReadOnlySpan<int> Rules { get; } = rules;

    public ReadOnlySpan<byte> Sha256 { get; } = sha256;
}
