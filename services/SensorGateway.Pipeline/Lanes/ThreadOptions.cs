using System.Collections.Immutable;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>Where threads run.</summary>
public enum Pinning
{
    /// <summary>Placed by the gateway.</summary>
    Auto,

    /// <summary>Left to the kernel.</summary>
    Off,

    /// <summary>On the given CPUs, in turn.</summary>
    Listed,
}

/// <summary>How threads wait and where they run. Immutable.</summary>
public sealed record ThreadOptions
{
    /// <summary>Where threads run.</summary>
    public Pinning Pinning { get; init; } = Pinning.Auto;

    /// <summary>CPU indexes for <see cref="Pinning.Listed"/>.</summary>
    public ImmutableArray<int> Cpus { get; init; } = [];

    /// <summary>Never park: for CPUs that nothing else uses. Refused on two or fewer CPUs.</summary>
    public bool Spin { get; init; }

    /// <summary>Let a reader run detection and publishing while their threads are parked.</summary>
    public bool Batons { get; init; } = true;

    /// <summary>What is wrong with the options on this machine, or null.</summary>
    public string? Problem()
    {
        var allowed = CpuAffinity.AllowedCpus();
        if (Pinning == Pinning.Listed && OperatingSystem.IsLinux())
        {
            var forbidden = Cpus.Where(cpu => !allowed.Contains(cpu)).ToArray();
            if (forbidden.Length > 0)
            {
                return $"threads.pinning names CPU {string.Join(", ", forbidden)}, but this process may use only "
                    + $"{string.Join(", ", allowed)}; name some of those, or use auto";
            }
        }

        return null;
    }
}

/// <summary>Gives each thread its CPU.</summary>
public sealed class CpuPlacement
{
    private readonly int?[] _cpus;

    /// <param name="options">The user's wish.</param>
    /// <param name="allowed">CPUs this process may use.</param>
    public CpuPlacement(ThreadOptions options, IReadOnlyList<int> allowed) => _cpus = options.Pinning switch
    {
        Pinning.Listed when options.Cpus.Length > 0 => [.. options.Cpus.Select(static cpu => (int?)cpu)],
        Pinning.Auto when allowed.Count > 0 => [.. allowed.Select(static cpu => (int?)cpu)],
        _ => [null],
    };

    /// <summary>CPU of the n-th ingest thread: from the first one on.</summary>
    public int? ForIngest(int index) => _cpus[index % _cpus.Length];

    /// <summary>
    /// CPU of a detection worker: from the last one down, so that when load needs a second CPU the payload's way takes
    /// one that the reader is not on. While load is low the reader runs detection itself, on its own CPU.
    /// </summary>
    public int? ForDetection(int index) => _cpus[^(1 + index % _cpus.Length)];

    /// <summary>CPU of the publisher: beside the first detection worker.</summary>
    public int? ForPublishing() => ForDetection(0);
}
