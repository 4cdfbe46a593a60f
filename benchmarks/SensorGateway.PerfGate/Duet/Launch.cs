using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.PerfGate.Duet;

/// <summary>What one launch of both builds gave.</summary>
/// <param name="P50Ratio">Median over pairs of slices, new by old.</param>
/// <param name="P95Ratio">Median over pairs of slices, new by old.</param>
internal sealed record LaunchResult(double P50Ratio, double P95Ratio)
{
    /// <summary>Bytes per operation of the old build; null when the scenario cannot tell.</summary>
    public double? OldBytes { get; init; }

    /// <summary>Bytes per operation of the new build.</summary>
    public double? NewBytes { get; init; }

    /// <summary>All operations of the old build.</summary>
    public required FineHistogram Old { get; init; }

    /// <summary>All operations of the new build.</summary>
    public required FineHistogram New { get; init; }
}

/// <summary>Runs both builds as processes in turn on one CPU, slice by slice.</summary>
internal static class Launch
{
    /// <summary>One launch pair.</summary>
    /// <exception cref="WorkerException">A build cannot be measured.</exception>
    public static LaunchResult Run(Build oldBuild, Build newBuild, string scenario, DuetPlan plan)
    {
        // Both warm up at once, each where the kernel puts it; from then on only one of them runs at a time.
        using var oldWorker = WorkerProcess.Start(oldBuild, scenario, plan.Cpu, plan.WarmUp);
        using var newWorker = WorkerProcess.Start(newBuild, scenario, plan.Cpu, plan.WarmUp);
        var ready = oldWorker.WaitUntilReady();
        newWorker.WaitUntilReady();
        var milliseconds = plan.SliceMilliseconds ?? ready.SliceMilliseconds;
        var pairs = plan.Pairs ?? ready.Pairs;
        oldWorker.Slice(milliseconds); // The first slice on the pinned CPU finds cold caches.
        newWorker.Slice(milliseconds);

        var (p50, p95) = (new double[pairs], new double[pairs]);
        for (var pair = 0; pair < pairs; pair++)
        {
            // ABBA: whatever drifts steadily favours each build as often.
            var (first, second) = pair % 2 == 0 ? (oldWorker, newWorker) : (newWorker, oldWorker);
            var (one, two) = (first.Slice(milliseconds), second.Slice(milliseconds));
            var (a, b) = pair % 2 == 0 ? (one, two) : (two, one);
            p50[pair] = Ratio(b.P50, a.P50);
            p95[pair] = Ratio(b.P95, a.P95);
        }

        return new LaunchResult(Stats.Median(p50), Stats.Median(p95))
        {
            OldBytes = BytesPerOperation(oldWorker.Allocation()),
            NewBytes = BytesPerOperation(newWorker.Allocation()),
            Old = oldWorker.Total(),
            New = newWorker.Total(),
        };
    }

    // A slice too short for a single operation says nothing in either direction.
    private static double Ratio(double b, double a) => a > 0 && b > 0 ? b / a : 1;

    private static double? BytesPerOperation(AllocationMessage allocation) =>
        allocation.Operations > 0 ? (double)allocation.Bytes / allocation.Operations : null;
}
