namespace SensorGateway.Tests.Telemetry;

/// <summary>Counts the bytes that the calling thread allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes that <paramref name="repeats"/> calls allocate, after as many calls to warm up.</summary>
    public static long Of(int repeats, Action<int> call)
    {
        for (var i = 0; i < repeats; i++)
        {
            call(i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < repeats; i++)
        {
            call(i);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
