namespace SensorGateway.Pipeline.Alerts;

/// <summary>Cuts UTF-8 between characters.</summary>
internal static class Utf8Cut
{
    /// <summary>Length without a character that the cut at the end has split.</summary>
    public static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        // A character has at most four bytes, so its first byte is among the last four.
        for (var back = 1; back <= Math.Min(4, text.Length); back++)
        {
            var value = text[^back];
            if (value < 0x80)
            {
                return text.Length;
            }

            if (value >= 0xC0)
            {
                var needs = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2;
                return needs > back ? text.Length - back : text.Length;
            }
        }

        return text.Length;
    }
}
