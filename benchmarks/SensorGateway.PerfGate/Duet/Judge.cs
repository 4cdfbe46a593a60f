namespace SensorGateway.PerfGate.Duet;

/// <summary>What got worse.</summary>
internal enum Complaint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The 95th percentile.</summary>
    P95,

    /// <summary>The median.</summary>
    P50,

    /// <summary>Bytes allocated per operation.</summary>
    Allocation,
}

/// <summary>Says what a set of launches means; pure arithmetic.</summary>
internal static class Judge
{
    /// <summary>The first complaint of a set of launches, or none.</summary>
    public static Complaint Of(IReadOnlyList<LaunchResult> launches, DuetPlan plan) =>
        IsWorse(launches, static launch => launch.P95Ratio, plan) ? Complaint.P95
        : IsWorse(launches, static launch => launch.P50Ratio, plan) ? Complaint.P50
        : AllocatesMore(launches) ? Complaint.Allocation
        : Complaint.None;

    /// <summary>Median over launches beyond the threshold, and nearly every launch on the same side.</summary>
    public static bool IsWorse(IReadOnlyList<LaunchResult> launches, Func<LaunchResult, double> ratioOf, DuetPlan plan)
    {
        var clear = launches.Count(launch => ratioOf(launch) > plan.LaunchThreshold);
        return Stats.Median(launches.Select(ratioOf)) > plan.Threshold && clear >= DuetPlan.LaunchShare * launches.Count;
    }

    /// <summary>More bytes in every launch: equal code gives equal bytes, so there is no noise to forgive.</summary>
    public static bool AllocatesMore(IReadOnlyList<LaunchResult> launches) =>
        launches.All(static launch => launch.NewBytes > launch.OldBytes * DuetPlan.AllocationTolerance);
}
