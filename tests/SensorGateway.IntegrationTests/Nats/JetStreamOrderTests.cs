using SensorGateway.Nats;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Nats;

/// <summary>A stream that is away for a moment while messages of one subject come all the time.</summary>
public sealed class JetStreamOrderTests(ITestOutputHelper output)
{
    private const int PerSecond = 10_000;

    private static int Rounds => FaultRun.IsFull ? 40 : 6;

    [Fact]
    public void SubjectTakenFromTheStreamAndGivenBack_UnderLoad_StoresEachMessageOnceInOrder()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = Publisher(server);
        var random = new Random(1);
        PublishWhile(publisher, () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Thread.Sleep(random.Next(50, 200));
                admin.Update("ALERTS", "elsewhere.>");
                Thread.Sleep(random.Next(20, 400));
                admin.Update("ALERTS", "alerts.>");
                FaultRun.Tell($"subject taken from the stream and given back: round {round + 1} of {Rounds}");
            }
        });

        var stored = admin.Numbers(server.Endpoint, "ALERTS");
        output.WriteLine(Figures(publisher, [stored]));
        Assert.Equal(Enumerable.Range(0, (int)publisher.NextNumber).Select(static i => (long)i), stored);
    }

    [Fact]
    public void StreamDeletedAndMadeAgain_UnderLoad_EachStreamHoldsItsMessagesInOrder()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = Publisher(server);
        var random = new Random(2);
        var streams = new List<List<long>>();
        PublishWhile(publisher, () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Thread.Sleep(random.Next(50, 200));
                streams.Add(admin.Numbers(server.Endpoint, "ALERTS"));
                admin.Delete("ALERTS");
                Thread.Sleep(random.Next(20, 400));
                admin.Create("ALERTS");
                FaultRun.Tell($"stream deleted and made again: round {round + 1} of {Rounds}");
            }
        });

        streams.Add(admin.Numbers(server.Endpoint, "ALERTS"));
        output.WriteLine(Figures(publisher, streams));
        Assert.All(streams, static stream => Assert.Equal(stream.Distinct().Order(), stream));
        Assert.Equal(publisher.NextNumber - 1, streams[^1][^1]);
    }

    private static TestPublisher Publisher(NatsServerProcess server)
    {
        var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with { Delivery = NatsDelivery.JetStream });
        publisher.WaitConnected();
        return publisher;
    }

    private static void PublishWhile(TestPublisher publisher, Action fault)
    {
        var done = Task.Run(fault);
        while (!done.IsCompleted)
        {
            publisher.PublishPaced(PerSecond / 20, PerSecond);
        }

        Assert.True(done.IsCompletedSuccessfully, done.Exception?.ToString());
        publisher.PublishPaced(PerSecond / 10, PerSecond);
        publisher.WaitDelivered();
    }

    private static string Figures(TestPublisher publisher, List<List<long>> streams) =>
        $"published {publisher.NextNumber}, read from {streams.Count} streams {streams.Sum(static stream => stream.Count)}, "
        + $"behind a later one {streams.Sum(Late)}, resent {publisher.Connection.ResentMessages}, "
        + $"known to the stream already {publisher.Connection.Duplicates}";

    private static int Late(List<long> numbers)
    {
        var (late, highest) = (0, -1L);
        foreach (var number in numbers)
        {
            late += number < highest ? 1 : 0;
            highest = Math.Max(highest, number);
        }

        return late;
    }
}
