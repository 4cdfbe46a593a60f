namespace SensorGateway.Pipeline.Detection.Verdicts;

/// <summary>Remembers verdicts of payloads seen twice or more. Owner: one detector.</summary>
/// <remarks>
/// The hash only finds an entry. A hit is trusted after length and bytes were compared, so a forged collision costs a
/// compare and changes nothing.
/// </remarks>
internal interface IVerdictCache
{
    /// <summary>A verdict with more rules than this is not kept.</summary>
    const int RulesMax = 32;

    /// <summary>Whether payloads of this length are kept at all.</summary>
    bool Takes(int payloadBytes);

    /// <summary>The key that <see cref="TryGet"/> and <see cref="Put"/> take; never proof of equality.</summary>
    ulong HashOf(ReadOnlySpan<byte> payload);

    /// <summary>Finds the verdict of an identical payload of the same generation; valid until the next call.</summary>
    bool TryGet(ulong hash, ReadOnlySpan<byte> payload, long generation, out CachedVerdict verdict);

    /// <summary>Keeps a verdict if the payload was seen before; one that was not used lately makes room.</summary>
    void Put(ulong hash, ReadOnlySpan<byte> payload, long generation, CachedVerdict verdict);
}
