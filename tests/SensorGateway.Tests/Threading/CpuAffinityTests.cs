using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

public sealed class CpuAffinityTests
{
    [Fact]
    public void PinCallingThread_ToAForbiddenCpu_NamesTheAllowedOnes()
    {
        var allowed = CpuAffinity.AllowedCpus();
        if (allowed.Length == 0)
        {
            return; // No such call on this system: Wait and PinnedThread tests cover the rest.
        }

        var forbidden = Enumerable.Range(0, 1_024).First(cpu => !allowed.Contains(cpu));

        Assert.Equal(
            $"cannot pin a thread to CPU {forbidden} (errno 22); this process may use {string.Join(", ", allowed)}. "
                + "Change threads.pinning.",
            RefusalOf(forbidden));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_024)]
    public void PinCallingThread_ToACpuBeyondEveryMask_SaysThatThereIsNone(int cpu)
    {
        var allowed = CpuAffinity.AllowedCpus();
        if (allowed.Length > 0)
        {
            Assert.Equal(
                $"cannot pin a thread to CPU {cpu} (there is no such CPU); this process may use "
                    + $"{string.Join(", ", allowed)}. Change threads.pinning.",
                RefusalOf(cpu));
        }
    }

    [Fact]
    public void PinCallingThread_ToEachAllowedCpu_LeavesExactlyThatOne()
    {
        foreach (var cpu in CpuAffinity.AllowedCpus())
        {
            var after = OnThreadOfItsOwn(() =>
            {
                CpuAffinity.PinCallingThread(cpu);
                return CpuAffinity.AllowedCpus();
            });

            Assert.Equal([cpu], after);
        }
    }

    [Fact]
    public void PinCallingThread_ToNone_ChangesNothing()
    {
        var before = CpuAffinity.AllowedCpus();

        CpuAffinity.PinCallingThread(null);

        Assert.Equal(before, CpuAffinity.AllowedCpus());
    }

    private static string RefusalOf(int cpu) => OnThreadOfItsOwn(() =>
        Assert.Throws<InvalidOperationException>(() => CpuAffinity.PinCallingThread(cpu)).Message);

    // The pin outlives the call, and the test runner's threads are not ours.
    private static T OnThreadOfItsOwn<T>(Func<T> call)
    {
        var result = default(T);
        var thread = new Thread(() => result = call());
        thread.Start();
        thread.Join();
        return result!;
    }
}
