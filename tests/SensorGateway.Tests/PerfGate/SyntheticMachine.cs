using SensorGateway.PerfGate.Duet;
using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.Tests.PerfGate;

/// <summary>Gives launch ratios as a shared machine does: processes differ for good, pairs of slices scatter.</summary>
internal sealed class SyntheticMachine(int seed, double processSpread = 0.03, double sliceSpread = 0.12)
{
    private readonly Random _random = new(seed);

    /// <summary>Bytes per operation of builds without and with injected work.</summary>
    public (double Old, double New) Bytes { get; init; }

    public int Launches { get; private set; }

    public LaunchResult Launch(Build oldBuild, Build newBuild, string scenario, DuetPlan plan)
    {
        Launches++;
        var truth = (1 + (newBuild.InjectPercent / 100)) / (1 + (oldBuild.InjectPercent / 100));
        var process = Math.Exp(Gauss() * processSpread);
        var pairs = Enumerable.Range(0, plan.Pairs ?? 20).Select(_ => truth * process * Math.Exp(Gauss() * sliceSpread)).ToList();
        return new LaunchResult(truth * process, Stats.Median(pairs))
        {
            OldBytes = Bytes.Old,
            NewBytes = Bytes.New,
            Old = Histogram(1_000),
            New = Histogram(1_000 * truth),
        };
    }

    private static FineHistogram Histogram(double ns)
    {
        var histogram = new FineHistogram();
        for (var i = 0; i < 100; i++)
        {
            histogram.Record((long)(ns * (1 + (i / 100.0))));
        }

        return histogram;
    }

    private double Gauss() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
