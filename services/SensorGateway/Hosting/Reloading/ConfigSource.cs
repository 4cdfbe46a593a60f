using SensorGateway.Configuration.Loading;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Where a running gateway's configuration comes from, so that it can be read again.</summary>
/// <param name="File">The configuration file.</param>
/// <param name="Sets">Values of --set, which hold over the file for as long as the process lives.</param>
internal sealed record ConfigSource(string File, IReadOnlyList<string> Sets)
{
    /// <summary>Reads it as it is now.</summary>
    public ConfigLoadResult Load() => ConfigLoader.LoadFile(File, Sets);
}
