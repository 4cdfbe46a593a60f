namespace SensorGateway.Cli.Flamegraphs;

/// <summary>What <c>flamegraph</c> was asked for.</summary>
/// <param name="File">A trace to read, or null.</param>
/// <param name="ProcessId">A process to record, or null.</param>
/// <param name="Duration">How long to record.</param>
/// <param name="Perf">CPU time by perf.</param>
/// <param name="Other">A trace to compare with, or null.</param>
/// <param name="Keep">Where the recording stays, or null.</param>
/// <param name="Output">The picture.</param>
internal sealed record FlamegraphRequest(
    string? File, int? ProcessId, TimeSpan Duration, bool Perf, string? Other, string? Keep, string Output)
{
    /// <summary>What is wrong with the combination, or null.</summary>
    public string? Problem() => this switch
    {
        { File: null, ProcessId: null } => "name a FILE.nettrace, or a process with --pid",
        { File: not null, ProcessId: not null } => "name a FILE.nettrace or --pid, not both",
        { ProcessId: <= 0 } => $"--pid {ProcessId} is no process; see pidof sensor-gateway",
        { Perf: true, ProcessId: null } => "--perf records a process: name it with --pid",
        { Perf: true, Other: not null } => "--diff compares traces of the same kind: leave out --perf",
        { Keep: not null, ProcessId: null } => "--keep-trace keeps a recording: name a process with --pid",
        _ => null,
    };
}
