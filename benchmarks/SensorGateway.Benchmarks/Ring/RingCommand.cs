using System.Globalization;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Benchmarks.Ring;

/// <summary><c>ring</c>: the byte ring against its numbered rival, passes in turn in one process, so that only ratios count.</summary>
internal static class RingCommand
{
    private const int Passes = 15;
    private const int PayloadsPerPass = 200_000;

    // Both hold about 45,000 payloads of the mix; the slots need half as much memory again for that.
    private const int RingBytes = 16 * 1024 * 1024;
    private const int Slots = 32 * 1024;
    private const int OverflowBytes = 8 * 1024 * 1024;

    public static int Run()
    {
        var payloads = PayloadMix.Create(4_093);
        var ours = new ByteRing(EventRing.Create(RingBytes, 1));
        var shared = new ByteRing(EventRing.Create(RingBytes, 2));
        var rival = new SlotRing(new SlotRingV1(Slots, OverflowBytes));
        Console.WriteLine(FormattableString.Invariant(
            $"{Environment.ProcessorCount} CPUs, {Passes} passes of {PayloadsPerPass} payloads, mean {payloads.Average(p => p.Length):F0} bytes"));
        Console.WriteLine("ns per payload, median (best)     byte ring        with CAS      SlotRingV1  rival/ours");
        Report("one by one", count => RingPasses.OneByOne(ours, payloads, count),
            count => RingPasses.OneByOne(shared, payloads, count), count => RingPasses.OneByOne(rival, payloads, count));
        Report("backlog of 20,000", count => RingPasses.WithBacklog(ours, payloads, count),
            count => RingPasses.WithBacklog(shared, payloads, count), count => RingPasses.WithBacklog(rival, payloads, count));
        Report("two threads", count => RingPasses.TwoThreads(ours, payloads, count),
            count => RingPasses.TwoThreads(shared, payloads, count), count => RingPasses.TwoThreads(rival, payloads, count));
        return 0;
    }

    private static void Report(string name, params Func<int, (double Nanoseconds, long Sum)>[] designs)
    {
        var measured = designs.Select(_ => new List<double>()).ToArray();
        for (var pass = -3; pass < Passes; pass++)
        {
            var sums = new HashSet<long>();
            for (var i = 0; i < designs.Length; i++)
            {
                var (nanoseconds, sum) = designs[i](PayloadsPerPass);
                sums.Add(sum);
                if (pass >= 0)
                {
                    measured[i].Add(nanoseconds);
                }
            }

            if (sums.Count != 1)
            {
                throw new InvalidOperationException("The designs disagree on what they carried.");
            }
        }

        // The best of many passes says more than the median where neighbours take the CPU away.
        var medians = measured.Select(times => times.Order().ElementAt(Passes / 2)).ToArray();
        var best = measured.Select(times => times.Min()).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-28} {medians[0],7:F1} ({best[0],5:F1}) {medians[1],7:F1} ({best[1],5:F1}) {medians[2],7:F1} ({best[2],5:F1}) "
                + $"{medians[2] / medians[0],5:F2}x ({best[2] / best[0]:F2}x)"));
    }
}
