using SensorGateway.LoadTest.Results;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>A program under test: takes length-prefixed payloads on a port and publishes alerts.</summary>
internal abstract class Contestant : IDisposable
{
    /// <summary>Name in reports.</summary>
    public abstract string Name { get; }

    /// <summary>Where it takes payloads.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>The running process.</summary>
    public abstract ChildProcess Process { get; }

    /// <summary>Checks the program's own books once nothing is under way, or null when it keeps none.</summary>
    public virtual AccountingResult? CheckAccounting(long sent) => null;

    /// <summary>Reloads the rules and waits until they are at work; null when the program cannot.</summary>
    public virtual ReloadResult? Reload() => null;

    /// <inheritdoc/>
    public virtual void Dispose() => Process.Dispose();
}
