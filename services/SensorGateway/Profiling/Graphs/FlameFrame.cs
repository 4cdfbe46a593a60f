namespace SensorGateway.Profiling.Graphs;

/// <summary>One box of the picture.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Left">Samples left of it.</param>
/// <param name="Samples">Its width.</param>
/// <param name="Depth">Rows above the root.</param>
/// <param name="SamplesBefore">In the trace it is compared with.</param>
internal readonly record struct FlameFrame(string Name, long Left, long Samples, int Depth, long SamplesBefore);
