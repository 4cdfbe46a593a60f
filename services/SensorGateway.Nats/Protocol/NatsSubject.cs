using System.Buffers;

namespace SensorGateway.Nats;

/// <summary>What may stand as the subject of a published message.</summary>
public static class NatsSubject
{
    /// <summary>
    /// Leaves room for the verb and both counts within the control line of the strictest usual server.
    /// </summary>
    public const int MaxBytes = 1024 - 64;

    // A space would turn the rest into a reply subject, a line end would start a command of the sender's choice.
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(b => (byte)b), 0x7F, (byte)'*', (byte)'>']);

    /// <summary>
    /// True for dot-separated, non-empty tokens without wildcards, white space and control characters.
    /// </summary>
    public static bool IsPublishable(ReadOnlySpan<byte> subject) =>
        subject.Length is > 0 and <= MaxBytes
        && subject[0] != (byte)'.'
        && subject[^1] != (byte)'.'
        && !subject.ContainsAny(Forbidden)
        && subject.IndexOf(".."u8) < 0;
}
