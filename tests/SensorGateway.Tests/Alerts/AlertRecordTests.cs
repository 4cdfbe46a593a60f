using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Alerts;

public sealed class AlertRecordTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    public void Record_ThroughARing_GivesBackAllItsParts(int subjectBytes)
    {
        var subject = new byte[subjectBytes];
        Array.Fill(subject, (byte)'s');
        var ring = EventRing.Create(8_192, 1);
        foreach (var severity in Enum.GetValues<Severity>())
        {
            Assert.True(ring.Writers[0].TryClaim(subject.Length + 3, out var lease));
            AlertRecord.Write(lease, 9, 100, 200, severity, subject, "{ }"u8);
            ring.Writers[0].Commit(lease);
            ring.Writers[0].Publish();

            Assert.True(ring.Reader.TryRead(out var record));
            Assert.Equal((9, 100L, 200L), (record.Tag.Sensor, record.Tag.ReceivedAtTicks, record.Tag.Extra));
            Assert.Equal(severity, AlertRecord.SeverityOf(record));
            Assert.Equal(subject, AlertRecord.Subject(record).ToArray());
            Assert.Equal("{ }"u8.ToArray(), AlertRecord.Json(record).ToArray());
            ring.Reader.Release();
        }
    }
}
