namespace SensorGateway.LoadTest.Results;

/// <summary>One program, one rate, one round.</summary>
internal sealed record RunResult
{
    public required string Program { get; init; }

    /// <summary>Payloads a second asked for; null when unthrottled.</summary>
    public required int? Rate { get; init; }

    public required int Round { get; init; }

    /// <summary>Payloads sent, warm-up included.</summary>
    public required long Sent { get; init; }

    public required long ExpectedAlerts { get; init; }

    public required long ReceivedAlerts { get; init; }

    public required long Lost { get; init; }

    public required long Duplicates { get; init; }

    public required long OrderViolations { get; init; }

    public required long UnexpectedAlerts { get; init; }

    /// <summary>
    /// Payloads of the measured part through its time; unthrottled, the time ends when the last alert is in.
    /// </summary>
    public required double PayloadsPerSecond { get; init; }

    public double? P50Us { get; init; }

    public double? P95Us { get; init; }

    public double? P99Us { get; init; }

    public double? P999Us { get; init; }

    public double? MaxUs { get; init; }

    /// <summary>How late the sender itself was; part of every latency above.</summary>
    public double? SenderLateP50Us { get; init; }

    public double? SenderLateP99Us { get; init; }

    public required double CpuSeconds { get; init; }

    public required double CpuPercentOfCore { get; init; }

    public required double CpuUsPerPayload { get; init; }

    public required double PeakRssMb { get; init; }

    /// <summary>CPU with nothing to do, after the load; null unless it was measured.</summary>
    public double? IdleCpuPercentOfCore { get; init; }

    /// <summary>Null when the server is not ours.</summary>
    public double? NatsCpuPercentOfCore { get; init; }

    /// <summary>CPU time of the server for one payload of the measured part.</summary>
    public double? NatsCpuUsPerPayload => Math.Round(NatsCpuPercentOfCore / 100 * 1e6 / PayloadsPerSecond ?? double.NaN, 3) is var cpu
        && double.IsFinite(cpu) ? cpu : null;

    /// <summary>CPU time that the host gave to others during the measured part; null when the kernel does not tell.</summary>
    public double? HostStealPercent { get; init; }

    /// <summary>False when the host was too busy in this round; medians and ratios leave it out.</summary>
    public bool Counts { get; init; } = true;

    public AccountingResult? Accounting { get; init; }

    /// <summary>Reloads during the measured part, in order; empty unless asked for.</summary>
    public IReadOnlyList<ReloadResult> Reloads { get; init; } = [];

    /// <summary>Nothing lost, out of order, invented or unaccounted.</summary>
    public bool Sound => Lost == 0 && OrderViolations == 0 && UnexpectedAlerts == 0 && Accounting?.Holds != false
        && Reloads.All(reload => reload.Ok);
}

/// <summary>One reload as the gateway tells it.</summary>
/// <param name="Ok">New rules are at work.</param>
/// <param name="TookMs">From the request to the swap in all workers.</param>
/// <param name="LongestPauseMs">Longest stop of all threads by a garbage collection meanwhile.</param>
internal sealed record ReloadResult(bool Ok, double TookMs, double LongestPauseMs);

/// <summary>Medians of one program at one rate, or the ratios of two programs.</summary>
internal sealed record Figures(string Program, int? Rate, IReadOnlyDictionary<string, double> Values);

/// <summary>Everything that was measured.</summary>
internal sealed record LoadTestResult(
    Conditions Conditions,
    IReadOnlyList<RunResult> Runs,
    IReadOnlyList<Figures> Medians,
    IReadOnlyList<Figures> Ratios,
    bool Ok);

/// <summary>Under which conditions.</summary>
internal sealed record Conditions(
    string Machine, int Cpus, string Runtime, double Seconds, double WarmupSeconds, double AlertRatio, string Rules,
    int? PayloadBytes, int Connections, int Sensors, int Rounds, bool KeepsAwake, double? StealMax);
