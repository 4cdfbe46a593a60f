using System.Runtime.InteropServices;

namespace SensorGateway.Benchmarks.Ring;

/// <summary>Reads every byte of a payload, at little more than the cost of fetching it.</summary>
internal static class Touch
{
    public static int All(ReadOnlySpan<byte> payload)
    {
        var sum = 0UL;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(payload))
        {
            sum += word;
        }

        return (int)(sum ^ sum >> 32) & int.MaxValue;
    }
}
