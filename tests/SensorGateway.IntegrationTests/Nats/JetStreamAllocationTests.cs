using System.Diagnostics;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Nats;

/// <summary>Counts what the whole process allocates, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(JetStreamAllocationTests), DisableParallelization = true)]
[Collection(nameof(JetStreamAllocationTests))]
public sealed class JetStreamAllocationTests(ITestOutputHelper output)
{
    [Fact]
    public void Publish_SteadyState_AllocatesNothingPerMessage()
    {
        const int Count = 5000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            Delivery = NatsDelivery.JetStream,
            ExpectedStream = "ALERTS",
            SendLogBytes = 1 << 20,
        });
        publisher.WaitConnected();
        PublishBare(publisher.Connection, 4 * Count);

        // The test runner's own threads allocate now and then: the best of some rounds counts. Publisher and reader
        // threads are both in the figure.
        var best = long.MaxValue;
        for (var round = 0; round < 20 && best > 0; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            PublishBare(publisher.Connection, Count);
            best = Math.Min(best, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        output.WriteLine($"{best} bytes allocated for {Count} messages in the whole process");
        Assert.InRange(best, 0, Count / 10);
    }

    private static void PublishBare(NatsConnection connection, int count)
    {
        Span<byte> payload = stackalloc byte[128];
        while (count > 0)
        {
            var result = connection.TryAppendWithId("alerts.high.sensor-1"u8, [], payload);
            count -= result == NatsAppendResult.Appended ? 1 : 0;
            if (result != NatsAppendResult.Appended || count % 100 == 0)
            {
                connection.Flush(Stopwatch.GetTimestamp());
            }
        }
    }
}
