namespace SensorGateway.PerfGate.Duet;

/// <summary>How much is measured, and where the lines are drawn.</summary>
internal sealed record DuetPlan
{
    /// <summary>Launches of both builds; processes of one binary differ for good by up to 6 %, so several.</summary>
    public int Launches { get; init; } = 5;

    /// <summary>Pairs of slices in a launch; null takes what the scenario asks for.</summary>
    public int? Pairs { get; init; }

    /// <summary>Length of a slice; null takes what the scenario asks for.</summary>
    public int? SliceMilliseconds { get; init; }

    /// <summary>Unmeasured work before; framework code needs about a second until it is compiled for good.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>CPU that both builds' measuring threads share in turn; null for no pinning.</summary>
    public int? Cpu { get; init; }

    /// <summary>A median ratio above this is a regression if <see cref="LaunchThreshold"/> and a repeat agree.</summary>
    public double Threshold { get; init; } = 1.10;

    /// <summary>Ratio that nearly all launches of a regression exceed: half way between nothing and the threshold.</summary>
    public double LaunchThreshold => 1 + ((Threshold - 1) / 2);

    /// <summary>Share of launches that must exceed it.</summary>
    public const double LaunchShare = 0.8;

    /// <summary>Growth of allocated bytes that counts; below it is the rounding of an average.</summary>
    public const double AllocationTolerance = 1.01;
}
