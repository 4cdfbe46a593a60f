using SensorGateway.IntegrationTests.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

public sealed class CheckStreamTests
{
    private static readonly string[] JetStream = ["--set", "publishing.delivery=jetstream"];

    [Fact]
    public void Check_StreamThatFits_SaysSo_AndEveryMisfitWhatToDo()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var folder = new GatewayFolder(server.Url);
        using var admin = new StreamAdmin(server.Endpoint);

        Expect(folder, 4, "has no stream that stores alerts.*.*; create one, or change publishing.subject.");
        Expect(folder, 4, "has no stream NONE; create it for alerts.*.*, or correct publishing.stream.", "publishing.stream=NONE");
        admin.Create("HALF", "alerts.high.>");
        Expect(folder, 4, "stream HALF does not store alerts.info.*, alerts.low.*, alerts.medium.*, alerts.critical.*; add it");
        Expect(folder, 0, "stream HALF stores alerts.high.*; an alert sent again within 120s is stored once", "publishing.subject=alerts.high.{sensor}");
        admin.Delete("HALF");
        admin.Create("SHORT", more: ",\"duplicate_window\":1000000000");
        Expect(folder, 4, "stream SHORT forgets ids after 1s, so alerts that are sent again would be stored twice; raise its duplicate_window to 30s at least.");
        admin.Delete("SHORT");
        admin.Create("DEAF", more: ",\"no_ack\":true");
        Expect(folder, 4, "stream DEAF never answers publishers (no_ack)");
        admin.Delete("DEAF");
        admin.Create("ALERTS");
        Expect(folder, 0, "stream ALERTS stores alerts.*.*; an alert sent again within 120s is stored once", "publishing.stream=ALERTS");
    }

    [Fact]
    public void Check_ServerWithoutJetStream_SaysSo()
    {
        using var server = NatsServerProcess.Start();
        using var folder = new GatewayFolder(server.Url);

        Expect(folder, 4, "JetStream is not enabled for this account; enable it, or use publishing.delivery: fenced.");
    }

    private static void Expect(GatewayFolder folder, int exitCode, string detail, params string[] sets)
    {
        var (actual, output, error) = GatewayCommand.Run(
            folder.Path, ["check", .. JetStream, .. sets.SelectMany(static set => (string[])["--set", set])]);
        Assert.Contains(detail, output + error, StringComparison.Ordinal);
        Assert.Equal(exitCode, actual);
    }
}
