using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>A piece of the gateway at work that can be measured in slices, beside another build of itself.</summary>
/// <remarks>Construction sets everything up and checks the answer: who measures wrong results measures nothing.</remarks>
internal abstract class Scenario : IDisposable
{
    /// <summary>Long enough for a steady p95, short enough that both builds see the same neighbours.</summary>
    public virtual int SliceMilliseconds => 50;

    /// <summary>Pairs of slices in a launch.</summary>
    public virtual int Pairs => 20;

    /// <summary>Whether the measuring thread is pinned: not where the work is done by threads or processes of its own.</summary>
    public virtual bool Pins => true;

    /// <summary>Measures for this long.</summary>
    public abstract void Slice(TimeSpan length, FineHistogram into);

    /// <summary>Adds work worth this share of each operation's own time from now on; called once, when warm.</summary>
    public abstract void Inject(double share);

    /// <summary>Runs a fixed list of operations; zero operations when this scenario cannot tell its bytes.</summary>
    public virtual AllocationMessage Allocation() => new() { Operations = 0, Bytes = 0 };

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
