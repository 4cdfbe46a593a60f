using SensorGateway.Nats;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

public sealed class PoolTests(ITestOutputHelper output)
{
    [Fact]
    public void OneServer_OneConnectionCarriesAll_AndAnotherTakesOverWhenItIsLost()
    {
        const int Sensors = 6;
        const int Each = 4000;
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(proxy.Endpoint);
        using var gateway = new GatewayHarness(options);
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        Array.ForEach(senders, static sender => sender.Send(100));
        gateway.UntilSettled(Sensors * 100);
        var quiet = gateway.Now;
        Assert.Equal(1, quiet.Pool.Active);
        Assert.Equal(1, quiet.Connections.Count(static connection => connection.Appended > 0));
        Assert.Contains("one connection takes all there is", quiet.Pool.Why, StringComparison.Ordinal);

        // One connection after the other is cut: sensors leave the one that carries them in order and come back.
        var threads = senders.Select(sender => new Thread(() => sender.SendPaced(Each - 100, perSecond: 2_000))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        for (var i = 0; i < 8; i++)
        {
            Thread.Sleep(200);
            proxy.CutOne(i % 4);
        }

        Array.ForEach(threads, static thread => thread.Join());
        var now = gateway.UntilSettled(Sensors * Each);
        Assert.True(alerts.WaitFor(Sensors * Each), alerts.Figures(Sensors * Each));
        output.WriteLine($"{alerts.Figures(Sensors * Each)}; moves {now.Pool.Moves}, now {now.Pool.Active} active: {now.Pool.Why}; "
            + $"taken by connection {string.Join(", ", now.Connections.Select(static c => c.Appended))}");
        Assert.Equal((0, 0), (alerts.Reordered, now.AlertsDroppedTotal));
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    [Theory]
    [InlineData(NatsDelivery.Fenced)]
    [InlineData(NatsDelivery.JetStream)]
    public void Flood_PoolGrowsOrSaysWhyNot_OrderHolds(NatsDelivery delivery)
    {
        const int Sensors = 4;
        const int Each = 150_000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = delivery == NatsDelivery.JetStream });
        if (delivery == NatsDelivery.JetStream)
        {
            using var admin = new Nats.StreamAdmin(server.Endpoint);
            admin.Create("ALERTS", storage: "memory");
        }

        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(server.Endpoint);
        using var gateway = new GatewayHarness(options with { Nats = options.Nats with { Delivery = delivery } });
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        var threads = senders.Select(sender => new Thread(() => sender.Send(Each))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        var now = gateway.UntilSettled(Sensors * Each);
        Assert.True(alerts.WaitFor(Sensors * Each - now.AlertsDroppedTotal), alerts.Figures(Sensors * Each));
        output.WriteLine($"{alerts.Figures(Sensors * Each)}; dropped {now.AlertsDroppedTotal}; {now.Pool.Active} active, {now.Pool.Moves} moves: {now.Pool.Why}");
        Assert.Equal(0, alerts.Reordered);
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    [Fact]
    public void BatchWindow_Set_NothingIsLateLostOrReordered()
    {
        const int Each = 20_000;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(server.Endpoint);
        using var gateway = new GatewayHarness(options with
        {
            Publishing = options.Publishing with { BatchWindowMax = TimeSpan.FromMilliseconds(10) },
        });
        gateway.UntilConnected();
        using var sender = gateway.Sender();
        sender.Send(Each); // Above the rate at which alerts wait; the last ones must go without company.
        Assert.True(alerts.WaitFor(Each), alerts.Figures(Each));
        gateway.UntilSettled(Each);
        Assert.Equal(0, alerts.Reordered);
    }
}
