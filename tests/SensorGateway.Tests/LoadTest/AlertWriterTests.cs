using System.Globalization;
using System.Text;
using System.Text.Json;
using SensorGateway.LoadTest.Rival;

namespace SensorGateway.Tests.LoadTest;

public sealed class AlertWriterTests
{
    [Fact]
    public void Add_OfRandomPayloads_MakesFramesOfValidJsonWithThePayloadInside()
    {
        var random = new Random(6);
        var alerts = new AlertWriter();
        for (var round = 0; round < 2_000; round++)
        {
            var payload = new byte[random.Next(0, 700)];
            random.NextBytes(payload);
            if (round % 2 == 0)
            {
                // Half of them valid UTF-8, control characters and quotes included.
                Array.ForEach([.. Enumerable.Range(0, payload.Length)], i => payload[i] &= 0x7F);
            }

            alerts.Add("r.1"u8, payload);
            var frame = Encoding.UTF8.GetString(alerts.Take());
            var lineEnd = frame.IndexOf('\n', StringComparison.Ordinal);
            var parts = frame[..lineEnd].Trim().Split(' ');
            using var json = JsonDocument.Parse(frame[(lineEnd + 1)..]);
            var body = json.RootElement.GetProperty("payload");

            Assert.Equal(["PUB", "alerts.high.127_0_0_1"], parts[..2]);
            Assert.Equal(Encoding.UTF8.GetByteCount(frame[(lineEnd + 1)..^2]),
                int.Parse(parts[2], CultureInfo.InvariantCulture));
            Assert.Equal(payload, body.TryGetProperty("text", out var text)
                ? Encoding.UTF8.GetBytes(text.GetString()!)
                : body.GetProperty("base64").GetBytesFromBase64());
        }
    }
}
