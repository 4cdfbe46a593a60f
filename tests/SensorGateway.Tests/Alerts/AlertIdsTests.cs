using System.Text;
using SensorGateway.Pipeline.Alerts;

namespace SensorGateway.Tests.Alerts;

public sealed class AlertIdsTests
{
    [Fact]
    public void WriteNext_IsGatewayEpochInHexAndSequence()
    {
        var ids = new AlertIds("edge-1", AlertBench.Epoch);
        for (var i = 1; i < 42; i++)
        {
            Next(ids);
        }

        Assert.Equal("edge-1-0192f3c1a7-42", Next(ids));
    }

    [Fact]
    public void WriteNext_FromSeveralWorkers_NeverRepeatsAnId()
    {
        var ids = new AlertIds("edge-1", 1_795_197_600_000);
        var written = new string[4][];
        var workers = Enumerable.Range(0, 4).Select(worker => new Thread(() =>
            written[worker] = [.. Enumerable.Range(0, 5_000).Select(_ => Next(ids))])).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());

        Assert.Equal(20_000, written.SelectMany(part => part).Distinct(StringComparer.Ordinal).Count());
        Assert.All(written, part => Assert.Equal(part.OrderBy(Sequence), part));
    }

    [Fact]
    public void WriteNext_OfALongName_FitsTheRoomItAsksFor()
    {
        var ids = new AlertIds(new string('ö', 200), long.MaxValue);

        Assert.StartsWith(new string('ö', 200) + "-7fffffffffffffff-1", Next(ids), StringComparison.Ordinal);
    }

    private static long Sequence(string id) =>
        long.Parse(id.AsSpan(id.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static string Next(AlertIds ids)
    {
        var id = new byte[ids.BytesMax];
        return Encoding.UTF8.GetString(id, 0, ids.WriteNext(id));
    }
}
