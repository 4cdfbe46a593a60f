using SensorGateway.IntegrationTests.Sources;
using SensorGateway.TestKit;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary>
/// A warm gateway under load neither collects the second generation nor compiles or allocates on the payload's way, by
/// the runtime's own account.
/// </summary>
[Collection(AloneInTheProcess.Name)]
public sealed class SteadyStateTests(ITestOutputHelper output)
{
    private const int PerSecond = 10_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(
        FaultRun.IsFull ? 60 : 12);

    [Fact]
    public async Task SteadyState_UnderLoad_NeitherCollectsGeneration2NorCompilesNorAllocatesOnHotThreads()
    {
        using var busy = new BusyGateway(PerSecond, "--set", "log.level=info");
        await Task.Delay(WarmUp);
        using var watch = new RuntimeWatch(busy.Gateway.Id);
        var sentBefore = busy.Sent;
        await Task.Delay(Watched);
        var sent = busy.Sent - sentBefore;
        await busy.Http.GetAsync("/nowhere"); // Compiles a little, on a thread of the pool: the watch sees compilations.
        var collections = watch.Collections.ToArray();
        watch.Collect();
        await watch.StopAsync();

        var pauses = watch.PausesMs.Order().ToArray();
        output.WriteLine(
            $"{sent} payloads in {Watched.TotalSeconds:0} s; collections of generation 0/1/2: "
            + $"{collections.Count(g => g == 0)}/{collections.Count(g => g == 1)}/{collections.Count(g => g == 2)}; pauses: "
            + $"{pauses.Length}, longest {pauses.LastOrDefault():0.00} ms; methods compiled: {watch.Compiled.Count}, on the payload's way: {OnHotThreads(watch, watch.Compiled)}");

        // What it claims to watch, it does: threads, compilations, and a collection that was asked for at the end.
        Assert.Superset(new HashSet<string> { "ingest-field", "detect-0", "publish" }, watch.Threads.Values.ToHashSet());
        Assert.NotEmpty(watch.Compiled);
        Assert.Contains(2, watch.Collections);
        Assert.InRange(sent, PerSecond * Watched.TotalSeconds / 2, double.MaxValue);

        Assert.DoesNotContain(2, collections);
        Assert.Equal("", OnHotThreads(watch, watch.Compiled));
        Assert.Equal("", OnHotThreads(watch, watch.Allocated));
    }

    private static string OnHotThreads(RuntimeWatch watch, IEnumerable<(int Thread, string Name)> events) =>
        string.Join('\n', events
            .Select(one => (Thread: watch.Threads.GetValueOrDefault(one.Thread, ""), one.Name))
            .Where(one => one.Thread.StartsWith("ingest-", StringComparison.Ordinal)
                || one.Thread.StartsWith("detect-", StringComparison.Ordinal)
                || one.Thread == "publish")
            .Select(one => $"{one.Thread}: {one.Name}")
            .Distinct());
}
