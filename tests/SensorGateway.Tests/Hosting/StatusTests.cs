using System.Text.Json;
using SensorGateway.Hosting;
using SensorGateway.Hosting.Status;
using SensorGateway.Tests.Golden;

namespace SensorGateway.Tests.Hosting;

public sealed class StatusTests
{
    [Fact]
    public void Status_OfASnapshot_IsPinned()
    {
        var report = StatusBuilder.Build("edge-1", Snapshots.Sample(), DateTimeOffset.UnixEpoch.AddSeconds(160)) with { Version = "0.0.0" };

        GoldenFile.Verify("status-json", JsonSerializer.Serialize(report, StatusJson.Default.StatusReport));
    }

    [Fact]
    public void Status_AsJson_ReadsBackTheSame()
    {
        var json = JsonSerializer.Serialize(
            StatusBuilder.Build("edge-1", Snapshots.Sample(), DateTimeOffset.UnixEpoch.AddSeconds(160)), StatusJson.Default.StatusReport);

        var again = JsonSerializer.Deserialize(json, StatusJson.Default.StatusReport)!;

        Assert.Equal(json, JsonSerializer.Serialize(again, StatusJson.Default.StatusReport));
    }

    [Fact]
    public void Readiness_WithoutListeningOrNats_GivesTheReason()
    {
        Assert.Null(Readiness.Of(Snapshots.Sample()));
        Assert.Equal(
            "starting or stopping: sources do not listen", Readiness.Of(Snapshots.Sample() with { IsListening = false }));
        Assert.Equal(
            "no connection to NATS (Connection refused); check publishing.servers and publishing.auth",
            Readiness.Of(Snapshots.Sample() with { CanPublish = false, Spool = null }));
        Assert.Null(Readiness.Of(Snapshots.Sample() with { CanPublish = false })); // The spool can take alerts.
        Assert.NotNull(Readiness.Of(Snapshots.Sample() with
        {
            CanPublish = false,
            Spool = Snapshots.Sample().Spool! with { State = "failing" },
        }));
    }
}
