using SensorGateway.Nats.Connection;

namespace SensorGateway.ConcurrencyTests.Nats;

/// <summary>The one promise of the bell: a PONG is either seen by the sender that looks again, or rings.</summary>
public sealed class PublisherBellTests
{
    [Fact]
    public void PongArrived_WhileTheSenderAsks_IsNeverLost()
    {
        PongRace? race = null;
        var bell = new PublisherBell(() => race!.Ring());
        race = new PongRace(bell.AskForNextPong, bell.PongArrived, bell.Forget);
        Assert.Equal(0, race.CountLost(rounds: 300_000, stopAtFirst: false));
    }

    [Fact]
    public void PongArrived_BellWithoutFences_IsCaughtLosingOne()
    {
        if (Environment.ProcessorCount < 2)
        {
            return; // One processor runs one thread at a time: stores are never late there, in either bell.
        }

        PongRace? race = null;
        var bell = new BellWithoutFences(() => race!.Ring());
        race = new PongRace(bell.AskForNextPong, bell.PongArrived, bell.Forget);
        Assert.NotEqual(0, race.CountLost(rounds: 20_000_000, stopAtFirst: true));
    }

    private sealed class BellWithoutFences(Action wake)
    {
        private volatile bool _wanted;

        public void AskForNextPong() => _wanted = true;

        public void Forget() => _wanted = false;

        public void PongArrived()
        {
            if (_wanted)
            {
                _wanted = false;
                wake();
            }
        }
    }

    /// <summary>Lets both sides meet over and over at the same moment.</summary>
    private sealed class PongRace(Action ask, Action arrived, Action forget)
    {
        private long _started;
        private long _answered;
        private long _finished;
        private long _rung;

        public void Ring() => _rung = _started;

        public int CountLost(long rounds, bool stopAtFirst)
        {
            var reader = new Thread(() => Answer(rounds)) { IsBackground = true };
            reader.Start();
            var lost = 0;
            var round = 1L;
            for (; round <= rounds && !(stopAtFirst && lost > 0); round++)
            {
                forget();
                Volatile.Write(ref _started, round);
                ask();
                var seen = Volatile.Read(ref _answered) == round;
                WaitFor(ref _finished, round);
                lost += seen || _rung == round ? 0 : 1;
            }

            Volatile.Write(ref _started, long.MaxValue);
            reader.Join();
            return lost;
        }

        private void Answer(long rounds)
        {
            for (var round = 1L; round <= rounds; round++)
            {
                WaitFor(ref _started, round);
                if (Volatile.Read(ref _started) == long.MaxValue)
                {
                    return;
                }

                Volatile.Write(ref _answered, round);
                arrived();
                Volatile.Write(ref _finished, round);
            }
        }

        private static void WaitFor(ref long value, long wanted)
        {
            for (var turns = 0; Volatile.Read(ref value) < wanted; turns++)
            {
                if (turns > 1000)
                {
                    Thread.Yield(); // On a crowded box the other side may not be running at all.
                }
            }
        }
    }
}
