using SensorGateway.PerfGate.Cli;
using SensorGateway.PerfGate.Studies;

namespace SensorGateway.Tests.PerfGate;

public sealed class StudyTests : IDisposable
{
    private readonly string _log = Path.Combine(Path.GetTempPath(), $"sg-study-{Guid.NewGuid():N}.ndjson");

    public void Dispose() => File.Delete(_log);

    [Fact]
    public void Missing_OfANewStudy_IsEverythingWithKindsMixed()
    {
        var missing = new StudyLog(_log, "s", neighbour: false).Missing(4, 2, [12, 15]).ToList();

        Assert.Equal(4, missing.Count(percent => percent == 0));
        Assert.Equal(2, missing.Count(percent => percent == 12));
        Assert.Equal(2, missing.Count(percent => percent == 15));
        Assert.Equal(3, missing.Take(4).Distinct().Count());
    }

    [Fact]
    public void Missing_OfAStudyBrokenOff_IsTheRest()
    {
        var first = new StudyLog(_log, "s", neighbour: false);
        first.Add(Run("s", 0));
        first.Add(Run("s", 15));
        first.Add(Run("other", 0));
        first.Add(Run("s", 0, neighbour: true));

        var again = new StudyLog(_log, "s", neighbour: false);

        Assert.Equal(4, again.Runs.Count);
        Assert.Equal([0.0, 0.0, 15.0], again.Missing(3, 2, [15]).Order());
    }

    [Fact]
    public void Open_WithAForeignLine_NamesIt()
    {
        File.WriteAllText(_log, "{}\n");

        var fault = Assert.Throws<UsageException>(() => new StudyLog(_log, "s", neighbour: false));
        Assert.Contains(":1:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CountsAlarmsPerKind()
    {
        var table = StudyTable.Write([Run("s", 0), Run("s", 0), Run("s", 15, alarm: true), Run("s", 15)]);

        Assert.Contains("| s | none | nothing | 2 | 0 (0 %)", table, StringComparison.Ordinal);
        Assert.Contains("| s | none | +15 % | 2 | 1 (50 %)", table, StringComparison.Ordinal);
    }

    private static StudyRun Run(string scenario, double percent, bool alarm = false, bool neighbour = false) => new()
    {
        Scenario = scenario,
        Percent = percent,
        Neighbour = neighbour,
        Alarm = alarm,
        Repeated = alarm,
        P50Ratio = 1,
        P95Ratio = 1,
        Launches = [1],
        Seconds = 2,
    };
}
