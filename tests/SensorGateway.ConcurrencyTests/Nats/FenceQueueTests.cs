using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Sending;

namespace SensorGateway.ConcurrencyTests.Nats;

public sealed class FenceQueueTests
{
    [Fact]
    public void ArmAnswerTake_TwoThreads_EveryMarkArrivesWholeAndInOrder()
    {
        const long Fences = 300_000;
        var queue = new FenceQueue();
        var wrongAnswers = 0L;
        var reader = new Thread(() =>
        {
            for (var next = 0L; next < Fences;)
            {
                if (queue.TryAnswer(out var mark))
                {
                    wrongAnswers += IsMark(mark, next++) ? 0 : 1;
                }
                else
                {
                    Thread.Yield();
                }
            }
        });
        reader.Start();

        var wrongTakes = 0L;
        for (long armed = 0, taken = 0; taken < Fences;)
        {
            if (armed < Fences && queue.HasRoom)
            {
                queue.Arm(new FenceMark(armed, ~armed, armed * 3, -armed));
                armed++;
            }

            while (queue.TryTake(out var mark))
            {
                wrongTakes += IsMark(mark, taken++) ? 0 : 1;
            }

            if (!queue.HasRoom || armed == Fences)
            {
                Thread.Yield();
            }
        }

        reader.Join();
        Assert.Equal(0, wrongAnswers);
        Assert.Equal(0, wrongTakes);
        Assert.Equal(0, queue.InFlight);
    }

    private static bool IsMark(in FenceMark mark, long number) => mark == new FenceMark(number, ~number, number * 3, -number);
}
