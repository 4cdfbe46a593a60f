using System.Text;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Rival;
using SensorGateway.Traffic;

namespace SensorGateway.Tests.LoadTest;

public sealed class MarkerFinderTests
{
    private readonly MarkerFinder _finder = new();

    [Fact]
    public void TryFind_InTheAlertOfEveryGeneratedPayload_FindsItsNumber()
    {
        var generator = new TrafficGenerator(21, 0.5);
        var buffer = new byte[TrafficGenerator.PayloadBytesMax];
        var alerts = new AlertWriter();
        for (var i = 0; i < 5_000; i++)
        {
            var length = generator.Next(buffer, i, out _);
            alerts.Add("rule"u8, buffer.AsSpan(0, length));

            Assert.True(_finder.TryFind(alerts.Take(), out var number));
            Assert.Equal(i, number);
        }
    }

    [Theory]
    [InlineData("""{"payload":{"text":"nothing here"}}""")]
    [InlineData("""{"payload":{"text":" mk=12345"}}""")]
    [InlineData("""{"payload":{"text":" mk=12345678x0"}}""")]
    [InlineData("""{"payload":{"base64":"@@@"}}""")]
    [InlineData("""{"payload":{"base64":"AAAA""")]
    [InlineData(" mk=")]
    public void TryFind_WithoutAWholeMarker_FindsNothing(string alert) =>
        Assert.False(_finder.TryFind(Encoding.UTF8.GetBytes(alert), out _));
}
