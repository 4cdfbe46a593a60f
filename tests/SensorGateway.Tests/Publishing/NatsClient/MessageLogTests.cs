using SensorGateway.Pipeline.Publishing.NatsClient;

namespace SensorGateway.Tests.Publishing.NatsClient;

public sealed class MessageLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AppendSendReleaseRewindDrop_AtRandom_AgreeWithAList(int seed)
    {
        var random = new Random(seed);
        var log = new MessageLog(4096);
        var model = new List<(byte[] Subject, byte[] Payload, bool Dropped)>();
        var (sent, released, dropped) = (0, 0, 0);
        var copy = new byte[1024];
        var marks = new Queue<LogMark>();
        var (full, laps) = (0, 0L);
        for (var step = 0; step < 50_000; step++)
        {
            switch (random.Next(10))
            {
                case < 4:
                    var (subject, payload) = (Bytes(random, 1, 30), Bytes(random, 0, 600));
                    if (log.TryAppend(subject, payload))
                    {
                        model.Add((subject, payload, false));
                    }
                    else
                    {
                        full++;
                    }

                    break;
                case < 8:
                    while (sent < model.Count && model[sent].Dropped)
                    {
                        sent++;
                    }

                    Assert.Equal(sent < model.Count, log.TryPeek(out var gotSubject, out var gotPayload));
                    if (sent < model.Count)
                    {
                        Assert.True(gotSubject.SequenceEqual(model[sent].Subject));
                        Assert.True(gotPayload.Span.SequenceEqual(model[sent].Payload));
                        var drop = random.Next(10) == 0;
                        if (drop)
                        {
                            log.Drop();
                            dropped++;
                            model[sent] = model[sent] with { Dropped = true };
                        }
                        else
                        {
                            log.Advance();
                        }

                        sent++;
                        Assert.Equal(sent, log.Sent.Messages);
                    }

                    break;
                case 8:
                    if (marks.Count < 3)
                    {
                        marks.Enqueue(log.Sent);
                    }
                    else
                    {
                        var mark = marks.Dequeue(); // May be older than what was released since, or newer than what is sent.
                        log.ReleaseThrough(mark);
                        released = Math.Max(released, (int)mark.Messages);
                        sent = Math.Max(sent, released);
                    }

                    break;
                default:
                    Assert.Equal(log.Sent.Messages - released, log.Rewind());
                    sent = released;
                    break;
            }

            var ordinal = random.Next(model.Count - released + 1);
            var isKept = log.TryCopy(ordinal, copy, out var subjectBytes, out var payloadBytes);
            Assert.Equal(released + ordinal < model.Count && !model[released + ordinal].Dropped, isKept);
            if (isKept)
            {
                var kept = model[released + ordinal];
                Assert.True(copy.AsSpan(0, subjectBytes).SequenceEqual(kept.Subject));
                Assert.True(copy.AsSpan(subjectBytes, payloadBytes).SequenceEqual(kept.Payload));
            }

            Assert.Equal((released, model.Count), ((int)log.Released.Messages, (int)log.Appended.Messages));
            laps = log.Appended.Position / 4096;
        }

        Assert.InRange(full, 100, int.MaxValue);
        Assert.InRange(laps, 100, long.MaxValue);
        Assert.InRange(dropped, 100, int.MaxValue);
    }

    [Fact]
    public void CanHold_OfHalfTheLog_IsTheLimitThatAlwaysFits()
    {
        var log = new MessageLog(4096);
        Assert.True(log.CanHold(16, 2016));
        Assert.False(log.CanHold(16, 2017));
    }

    private static byte[] Bytes(Random random, int min, int max)
    {
        var bytes = new byte[random.Next(min, max)];
        random.NextBytes(bytes);
        return bytes;
    }
}
