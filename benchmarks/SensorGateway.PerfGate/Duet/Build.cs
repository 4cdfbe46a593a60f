namespace SensorGateway.PerfGate.Duet;

/// <summary>One build to compare: the output folder of its <c>SensorGateway.Benchmarks</c>.</summary>
/// <param name="Name">As a person calls it, for example <c>main~1</c> or <c>work tree</c>.</param>
/// <param name="Folder">Holds SensorGateway.Benchmarks.dll.</param>
/// <param name="InjectPercent">Extra work in every operation, for tests and for the gate's proof of itself.</param>
internal sealed record Build(string Name, string Folder, double InjectPercent = 0)
{
    /// <summary>The program that runs scenarios.</summary>
    public string Program => Path.Combine(Folder, "SensorGateway.Benchmarks.dll");
}
