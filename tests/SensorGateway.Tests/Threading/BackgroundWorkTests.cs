using System.Globalization;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

public sealed class BackgroundWorkTests
{
    [Fact]
    public void Start_OnLinux_RunsWithALowerPriorityThanItsCaller()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // Priorities of threads are a matter of Linux here.
        }

        var (its, mine) = (int.MinValue, NiceOfCaller());
        var thread = BackgroundWork.Start("test-work", () => its = NiceOfCaller());
        thread.Join();

        Assert.Equal("test-work", thread.Name);
        Assert.Equal(Math.Min(19, Math.Max(mine, 5)), its);
        Assert.Equal(mine, NiceOfCaller());
    }

    [Fact]
    public void LowerCompiler_WhileCodeIsOptimised_FindsTheRuntimesThread()
    {
        // The runtime makes its thread when methods have been called often; this process has called thousands.
        var found = OperatingSystem.IsLinux() && SpinWait.SpinUntil(BackgroundWork.LowerCompiler, 20_000);

        Assert.Equal(OperatingSystem.IsLinux(), found);
    }

    private static int NiceOfCaller()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
