using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Threading;

/// <summary>Pins threads to CPUs and tells which CPUs this process may use.</summary>
public static unsafe class CpuAffinity
{
    private const int MaskWords = 16; // 1,024 CPUs, as glibc's cpu_set_t.

    /// <summary>CPUs that the kernel (and the cgroup) lets this process run on, ascending; empty where pinning is unknown.</summary>
    public static int[] AllowedCpus()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (LinuxCalls.SchedGetAffinity(0, MaskWords * sizeof(ulong), mask) < 0)
        {
            return [];
        }

        var cpus = new List<int>();
        for (var cpu = 0; cpu < MaskWords * 64; cpu++)
        {
            if ((mask[cpu / 64] >> (cpu % 64) & 1) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }

    /// <summary>Pins the calling thread; null leaves it to the kernel.</summary>
    /// <exception cref="InvalidOperationException">The CPU does not exist or is forbidden; names the allowed ones.</exception>
    public static void PinCallingThread(int? cpu)
    {
        if (cpu is not { } index || !OperatingSystem.IsLinux())
        {
            return;
        }

        var mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (index is < 0 or >= MaskWords * 64)
        {
            throw Refused(index, "there is no such CPU");
        }

        mask[index / 64] = 1UL << (index % 64);
        if (LinuxCalls.SchedSetAffinity(0, MaskWords * sizeof(ulong), mask) != 0)
        {
            throw Refused(index, $"errno {Marshal.GetLastPInvokeError()}");
        }
    }

    private static InvalidOperationException Refused(int cpu, string reason) => new(
        $"cannot pin a thread to CPU {cpu} ({reason}); this process may use "
        + $"{string.Join(", ", AllowedCpus())}. Change threads.pinning.");
}
