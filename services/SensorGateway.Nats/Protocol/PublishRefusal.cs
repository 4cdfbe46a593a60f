namespace SensorGateway.Nats.Protocol;

/// <summary>Reads which subject a permission error is about.</summary>
internal static class PublishRefusal
{
    /// <summary>
    /// True for <c>Permissions Violation for Publish to "subject"</c>; the subject as it was published, quotes and
    /// backslashes without the server's escapes.
    /// </summary>
    public static bool TryReadSubject(ReadOnlySpan<byte> error, Span<byte> target, out int subjectBytes)
    {
        subjectBytes = 0;
        var start = "Permissions Violation for Publish to \""u8;
        if (error.Length <= start.Length || !System.Text.Ascii.EqualsIgnoreCase(error[..start.Length], start))
        {
            return false;
        }

        for (var rest = error[start.Length..]; !rest.IsEmpty && subjectBytes < target.Length; rest = rest[1..])
        {
            if (rest[0] == (byte)'"')
            {
                return subjectBytes > 0;
            }

            rest = rest[0] == (byte)'\\' && rest.Length > 1 ? rest[1..] : rest;
            target[subjectBytes++] = rest[0];
        }

        return false; // No end, or longer than any subject of ours.
    }
}
