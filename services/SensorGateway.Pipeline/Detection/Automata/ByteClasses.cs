using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>Groups bytes that no set tells apart, so that automaton tables stay narrow.</summary>
internal static class ByteClasses
{
    /// <summary>Class of each byte, and one byte of each class.</summary>
    public static (byte[] ClassOf, byte[] ClassBytes) Of(IReadOnlyCollection<ByteSet> sets)
    {
        var classOf = new byte[256];
        var classes = 1;
        var split = new int[256];
        foreach (var set in sets)
        {
            // Every class that the set cuts gets a new class for the part inside it.
            split.AsSpan().Fill(-1);
            var outside = new bool[256];
            for (var value = 0; value < 256; value++)
            {
                outside[classOf[value]] |= !set.Contains((byte)value);
            }

            for (var value = 0; value < 256; value++)
            {
                var old = classOf[value];
                if (!set.Contains((byte)value) || !outside[old])
                {
                    continue;
                }

                if (split[old] < 0)
                {
                    split[old] = classes++;
                    outside[split[old] & 255] = false;
                }

                classOf[value] = (byte)split[old];
            }
        }

        var classBytes = new byte[classes];
        for (var value = 255; value >= 0; value--)
        {
            classBytes[classOf[value]] = (byte)value;
        }

        return (classOf, classBytes);
    }
}
