using SensorGateway.Profiling.Graphs;

namespace SensorGateway.Profiling;

/// <summary>What was sampled, ready to be drawn.</summary>
/// <param name="Tree">Threads, and below them their stacks.</param>
/// <param name="Parked">Samples of waiting threads that were left out.</param>
/// <param name="Kind">What a sample means: thread time or CPU time, and by which means.</param>
internal sealed record Profile(StackTree Tree, long Parked, string Kind);
