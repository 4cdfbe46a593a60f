using SensorGateway.Hosting.Reloading;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;

namespace SensorGateway.Tests.Hosting.Reloading;

public sealed class RuleWarningsTests : IDisposable
{
    private readonly LineLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Say_OfTooMany_LogsTenAndCountsTheRest()
    {
        new RuleWarnings(_log).Say([.. Enumerable.Range(1, 15).Select(Warning)]);

        Assert.Equal(11, _log.Lines.Count);
        Assert.Contains("r.yaml:1:1: odd; mend it.", _log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("And 5 more warnings about the rules; see sensor-gateway check.", _log.Lines[10], StringComparison.Ordinal);
    }

    [Fact]
    public void Say_OfTheNextGeneration_LogsOnlyWhatIsNew()
    {
        var warnings = new RuleWarnings(_log);

        warnings.Say([Warning(1), Warning(2)]);
        warnings.Say([Warning(1), Warning(2), Warning(3)]);
        warnings.Say([]);
        warnings.Say([Warning(1)]);

        Assert.Equal(["1", "2", "3", "1"], _log.Lines.Select(line => line.Split(':')[^3]));
    }

    private static RuleProblem Warning(int line) => new(new SourcePosition("r.yaml", line, 1), "odd", "mend it");
}
