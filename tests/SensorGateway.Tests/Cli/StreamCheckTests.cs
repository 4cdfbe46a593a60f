using SensorGateway.Cli.Checking;
using SensorGateway.Nats.JetStream;

namespace SensorGateway.Tests.Cli;

public sealed class StreamCheckTests
{
    [Theory]
    [InlineData("alerts.>", "alerts.*.*", true)]
    [InlineData("alerts.>", "alerts", false)]
    [InlineData(">", "alerts.*", true)]
    [InlineData("alerts.*", "alerts.*.*", false)]
    [InlineData("alerts.*.*", "alerts.high.*", true)]
    [InlineData("alerts.high.*", "alerts.*.*", false)]
    [InlineData("alerts.high", "alerts.high", true)]
    [InlineData("alerts.high.a", "alerts.high", false)]
    public void Covers_SubjectAndPattern_SaysWhetherAllOfThePatternGoesIn(string subject, string pattern, bool expected) =>
        Assert.Equal(expected, new StreamSettings { Name = "S", Subjects = ["other", subject] }.Covers(pattern));

    [Fact]
    public void Subjects_TemplateWithVariables_ExpandsWhatIsKnown()
    {
        Assert.Equal("a.*.edge_1", Assert.Single(StreamCheck.Subjects("a.{sensor}.{gateway}", "edge.1", ["x"])));
        Assert.Equal(
            ["info.x", "info.y", "low.x", "low.y", "medium.x", "medium.y", "high.x", "high.y", "critical.x", "critical.y"],
            StreamCheck.Subjects("{severity}.{source}", "g", ["x", "y"]).AsEnumerable());
        Assert.Equal("a.*", Assert.Single(StreamCheck.Subjects("a.r-{rule}", "g", [])));
    }
}
