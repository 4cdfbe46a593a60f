using System.Globalization;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

/// <summary>Random servers over random time: whatever they do, every alert is accounted for and no sensor's order breaks.</summary>
public sealed class PublishAccountingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Accounting_OverRandomScripts_AlwaysAddsUp(bool isPatient)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var patience = isPatient ? PublishBench.EndlessPatience : PublishBench.NoPatience;
            var bench = new PublishBench(random.Next(4, 9), patience);
            for (var step = 0; step < 150; step++)
            {
                Step(bench, random);
                bench.AssertAddsUp();
            }

            Finish(bench, random);
        }
    }

    private static void Step(PublishBench bench, Random random)
    {
        switch (random.Next(5))
        {
            case 0 or 1:
                for (var i = random.Next(1, 40); i > 0 && bench.Worker.Waiting < 400; i--)
                {
                    var json = random.Next(30) == 0 ? $"L{bench.Offered}" : null;
                    var subject = random.Next(40) == 0 ? string.Empty : null;
                    bench.Offer(bench.Sensors[random.Next(bench.Sensors.Length)], json, subject);
                }

                break;
            case 2:
                var connection = bench.Connections[random.Next(bench.Connections.Length)];
                connection.State = (FlushResult)random.Next(3);
                connection.TrickleMessages = random.Next(4);
                connection.Confirms = random.Next(3) > 0;
                connection.KeepsMax = random.Next(2) == 0 ? int.MaxValue : random.Next(30);
                connection.TooLargeMark = random.Next(2) == 0 ? (byte)'L' : null;
                break;
            case 3:
                bench.WakeAndWork();
                break;
            default:
                bench.Work();
                break;
        }
    }

    private static void Finish(PublishBench bench, Random random)
    {
        foreach (var connection in bench.Connections)
        {
            (connection.State, connection.KeepsMax, connection.Confirms) = (FlushResult.Idle, int.MaxValue, true);
        }

        bench.WakeAndWork();
        if (random.Next(2) == 0)
        {
            bench.Offer(bench.Sensors[0]);
            bench.Worker.AbandonWaiting();
        }

        Assert.Equal(0, bench.Worker.Waiting);
        bench.AssertAddsUp();
        Assert.All(bench.Connections, connection =>
        {
            Assert.Equal(connection.Appended, connection.SentMessages);
            var numbers = connection.Messages.Select(message =>
                int.Parse(message.Json.TrimStart('L'), CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers.Order(), numbers);
        });
    }
}
