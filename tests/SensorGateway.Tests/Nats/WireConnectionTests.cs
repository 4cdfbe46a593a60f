using System.Text;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Nats;

public sealed class WireConnectionTests
{
    [Theory]
    [InlineData("""{"kind":"alert","id":"edge-0192f-42","time":"x"}""", "edge-0192f-42")]
    [InlineData("""{"kind":"alert","id":"","time":"x"}""", "")]
    [InlineData("""{"kind":"alert","id":"edge""", "")]
    [InlineData("""{"kind":"summary","id":"edge-0192f-43","rule":"r"}""", "edge-0192f-43")]
    [InlineData("""{"kind":"other","id":"edge-1"}""", "")]
    [InlineData("""{"kind":"alert","id":" """, "")]
    [InlineData("", "")]
    public void AlertId_StartOfAnAlert_IsItsIdOrNothing(string json, string id) =>
        Assert.Equal(id, Encoding.UTF8.GetString(WireConnection.AlertId(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void AlertId_LongerThanAnIdMayBe_IsNothing()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"kind":"alert","id":"{{new string('x', 300)}}"}""");
        Assert.True(WireConnection.AlertId(json).IsEmpty);
    }
}
