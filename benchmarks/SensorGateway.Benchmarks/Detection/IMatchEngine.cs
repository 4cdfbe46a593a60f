namespace SensorGateway.Benchmarks.Detection;

/// <summary>Something that tells how many rules match a payload.</summary>
internal interface IMatchEngine : IDisposable
{
    /// <summary>Shown in the table.</summary>
    string Name { get; }

    /// <summary>Milliseconds to load the rules.</summary>
    double LoadMs { get; }

    /// <summary>Payloads to measure of those given; slow engines take an even sample.</summary>
    int PayloadsMax { get; }

    /// <summary>Matching rules.</summary>
    int Matches(byte[] payload);
}
