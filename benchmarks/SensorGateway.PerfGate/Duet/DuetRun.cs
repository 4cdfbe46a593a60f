namespace SensorGateway.PerfGate.Duet;

/// <summary>One scenario of two builds, with what was decided.</summary>
internal sealed record DuetResult
{
    public required string Scenario { get; init; }

    public required Build Old { get; init; }

    public required Build New { get; init; }

    /// <summary>The confirmed complaint.</summary>
    public required Complaint Complaint { get; init; }

    /// <summary>First launches, then those of the repeat if there was one.</summary>
    public required IReadOnlyList<LaunchResult> Launches { get; init; }

    /// <summary>True when a first complaint was measured again.</summary>
    public bool WasRepeated { get; init; }

    /// <summary>Wall time.</summary>
    public required TimeSpan Took { get; init; }

    public bool IsRegression => Complaint != Complaint.None;

    public double P50Ratio => Stats.Median(Launches.Select(static launch => launch.P50Ratio));

    public double P95Ratio => Stats.Median(Launches.Select(static launch => launch.P95Ratio));
}

/// <summary>Launches both builds until the answer is sure.</summary>
internal sealed class DuetRun(DuetPlan plan, Func<Build, Build, string, DuetPlan, LaunchResult> launch)
{
    /// <summary>Told before each launch: scenario, launch from 1, whether it is a repeat.</summary>
    public Action<string, int, bool>? OnLaunch { get; init; }

    /// <summary>Measures; a first complaint counts only when fresh processes say the same.</summary>
    /// <exception cref="WorkerException">A build cannot be measured.</exception>
    public DuetResult Run(Build oldBuild, Build newBuild, string scenario)
    {
        var from = TimeProvider.System.GetTimestamp();
        var first = Measure(oldBuild, newBuild, scenario, isRepeat: false);
        var suspicion = Judge.Of(first, plan);
        var second = suspicion == Complaint.None ? [] : Measure(oldBuild, newBuild, scenario, isRepeat: true);
        return new DuetResult
        {
            Scenario = scenario,
            Old = oldBuild,
            New = newBuild,
            Complaint = suspicion == Complaint.None ? Complaint.None : Judge.Of(second, plan),
            Launches = [.. first, .. second],
            WasRepeated = second.Count > 0,
            Took = TimeProvider.System.GetElapsedTime(from),
        };
    }

    private List<LaunchResult> Measure(Build oldBuild, Build newBuild, string scenario, bool isRepeat)
    {
        var launches = new List<LaunchResult>();
        for (var i = 1; i <= plan.Launches; i++)
        {
            OnLaunch?.Invoke(scenario, i, isRepeat);
            launches.Add(launch(oldBuild, newBuild, scenario, plan));
        }

        return launches;
    }
}
