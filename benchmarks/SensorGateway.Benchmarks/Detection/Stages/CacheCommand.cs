using System.Globalization;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>
/// <c>cache</c>: the verdict cache on and off, passes in turn in one process, so that the ratio does not depend on the
/// machine's mood. The promise: never slower from one repeat in three on, five times faster at 90 % repeats.
/// </summary>
internal static class CacheCommand
{
    private const int Passes = 21;

    public static int Run()
    {
        Console.WriteLine("payload  repeats   cache on  hashing again  times as fast (median of passes in turn)");
        foreach (var bytes in (int[])[64, 256, 1024, 4096])
        {
            foreach (var percent in (int[])[0, 10, 34, 50, 75, 90])
            {
                Compare(bytes, percent);
            }
        }

        return 0;
    }

    private static void Compare(int bytes, int percent)
    {
        var payloads = RepeatingPayloads.Create(percent, bytes);
        var cached = StageRules.DetectorOf(RepeatingPayloads.HashesOnly, RepeatingPayloads.CacheEntries);
        var hashing = StageRules.DetectorOf(RepeatingPayloads.HashesOnly);
        var (on, off) = (new List<double>(), new List<double>());
        for (var pass = -3; pass < Passes; pass++)
        {
            var (one, two) = (Pass(cached, payloads), Pass(hashing, payloads));
            if (pass >= 0)
            {
                on.Add(one);
                off.Add(two);
            }
        }

        var ratio = on.Zip(off, static (one, two) => two / one).Order().ElementAt(Passes / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes,5} B  {percent,5} %  {on.Order().ElementAt(Passes / 2),7:F0} ns  {off.Order().ElementAt(Passes / 2),10:F0} ns  {ratio,12:F2}"));
    }

    private static double Pass(Detector detector, byte[][] payloads)
    {
        var from = ThreadTime.SpentNanoseconds(); // Not what neighbours take.
        foreach (var payload in payloads)
        {
            detector.Inspect(payload);
        }

        return (double)(ThreadTime.SpentNanoseconds() - from) / payloads.Length;
    }
}
