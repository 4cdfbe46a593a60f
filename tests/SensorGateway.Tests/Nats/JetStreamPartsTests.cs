using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Nats.JetStream;

namespace SensorGateway.Tests.Nats;

public sealed class JetStreamPartsTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    [Theory]
    [InlineData("", """{"stream":"A", "seq":7}""", "Stored", 0)]
    [InlineData("", """{"stream":"A","domain":"d","seq":7,"duplicate": true,"new":{"a":[1,{"b":2}]}}""", "Duplicate", 0)]
    [InlineData("", """{"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"},"stream":"A","seq":0}""", "Rejected", 400)]
    [InlineData("", """{"type":"x","error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"}}""", "NotNow", 503)]
    [InlineData("", """{"error":{"code":429,"description":"too many requests"}}""", "NotNow", 429)]
    [InlineData("NATS/1.0 503\r\n\r\n", "", "NotNow", 503)]
    [InlineData("NATS/1.0 503 No Responders\r\n\r\n", "", "NotNow", 503)]
    public void PubAck_Answers_AreTold(string headers, string json, string kind, int code)
    {
        Assert.True(PubAck.TryParse(Encoding.UTF8.GetBytes(headers), Encoding.UTF8.GetBytes(json), out var ack));
        Assert.Equal((kind, code), (ack.Kind.ToString(), ack.Code));
        Assert.Equal(json.Contains("error", StringComparison.Ordinal), ack.Reason is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+OK")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"stream":"A"}""")]
    [InlineData("""{"seq":7}""")]
    [InlineData("""{"stream":"","seq":7}""")]
    [InlineData("""{"stream":"A","seq":"7"}""")]
    [InlineData("""{"stream":"A","seq":-7}""")]
    [InlineData("""{"stream":"A","seq":7""")]
    public void PubAck_WhatIsNoAnswer_ConfirmsNothing(string json) =>
        Assert.False(PubAck.TryParse([], Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void PubAck_RandomChanges_NeverThrow()
    {
        var random = new Random(7);
        var answers = new[]
        {
            """{"stream":"ALERTS","seq":123456,"duplicate":true}""",
            """{"error":{"code":400,"err_code":10060,"description":"expected stream does not match"},"seq":0}""",
        };
        var confirmed = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var changed = Encoding.UTF8.GetBytes(answers[round % 2])[..^(random.Next(3) == 0 ? random.Next(40) : 0)];
            for (var i = random.Next(3); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            confirmed += PubAck.TryParse(changed.AsSpan(0, random.Next(2)), changed, out _) ? 1 : 0;
        }

        Assert.InRange(confirmed, 1000, 29_000);
    }

    [Fact]
    public void AckPath_SteadyState_AllocatesNothing()
    {
        var options = new NatsOptions { Servers = [new NatsEndpoint("a", 1)], SendLogBytes = 1 << 16, ExpectedStream = "A" };
        var sender = new StreamSender(options, new SensorGateway.Nats.Sending.Counters());
        var queue = new AckQueue();
        var answer = Encoding.ASCII.GetBytes("""{"stream":"A", "seq":7}""");
        var payload = new byte[128];
        Run(2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, sender.Log.InFlight);

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(sender.Log.TryAppend("alerts.high"u8, [], "edge-1-42"u8, payload));
                while (sender.Unsent(1, 4096) is { IsEmpty: false } chunk)
                {
                    sender.Log.AdvanceSent(chunk.Length, 1);
                }

                Assert.True(PubAck.TryParse([], answer, out var ack));
                queue.TryAdd(new AckEvent(Number(), 2, ack.Kind));
                sender.TakeAnswers(queue);
                sender.SendOverdueAgain(3);
            }
        }

        long Number() => sender.Log.NextNumber - 1;
    }

    [Fact]
    public void StreamSender_AfterARefusal_SendsTheOldestAloneUntilTheStreamHasIt()
    {
        var options = new NatsOptions { Servers = [new NatsEndpoint("a", 1)], SendLogBytes = 1 << 16 };
        var sender = new StreamSender(options, new SensorGateway.Nats.Sending.Counters());
        var queue = new AckQueue();
        for (var i = 0; i < 6; i++)
        {
            Assert.True(sender.Log.TryAppend("alerts.high"u8, [], "id"u8, [(byte)('0' + i)]));
        }

        Assert.Equal("0", Sent(1)); // A session begins with one.
        Answer(1, 0, AckKind.Stored);
        Assert.Equal("12345", Sent(2));

        // The refusal of one whose follower is stored: nothing goes until all are answered, then the oldest alone.
        Answer(3, 1, AckKind.NotNow);
        Answer(3, 2, AckKind.Stored);
        Answer(3, 3, AckKind.NotNow);
        Assert.Equal("", Sent(4));
        var afterHold = 3 + Stopwatch.Frequency / 4;
        Assert.Equal("", Sent(afterHold));
        Answer(afterHold, 4, AckKind.NotNow);
        Answer(afterHold, 5, AckKind.NotNow);
        var again = afterHold + Stopwatch.Frequency / 4;
        Assert.Equal("1", Sent(again));
        Assert.Equal("", Sent(again));
        Answer(again, 1, AckKind.NotNow);
        again += Stopwatch.Frequency / 4;
        Assert.Equal("1", Sent(again));
        Answer(again, 1, AckKind.Duplicate);
        Assert.Equal("345", Sent(again));

        // Nor may others go while one has had no answer for two seconds.
        again += 3 * Stopwatch.Frequency;
        Answer(again, 4, AckKind.Stored);
        sender.SendOverdueAgain(again);
        Assert.Equal("3", Sent(again));
        Answer(again, 3, AckKind.Stored);
        Assert.Equal("5", Sent(again));
        Answer(again, 5, AckKind.Stored);
        Assert.Equal(0, sender.Log.Kept);

        void Answer(long ticks, long number, AckKind kind)
        {
            queue.TryAdd(new AckEvent(number, ticks, kind));
            sender.TakeAnswers(queue);
        }

        string Sent(long ticks)
        {
            var payloads = string.Empty;
            while (sender.Unsent(ticks, 4096) is { IsEmpty: false } chunk)
            {
                payloads += string.Concat(Encoding.ASCII.GetString(chunk).Split("\r\n\r\n").Skip(1).Select(static part => part[0]));
                sender.Log.AdvanceSent(chunk.Length, ticks);
            }

            return payloads;
        }
    }

    [Fact]
    public void AckQueue_RandomUse_KeepsOrderForgetsSurplusAndRingsOnce()
    {
        var queue = new AckQueue();
        var random = new Random(8);
        long added = 0, taken = 0, wakeAt = long.MaxValue;
        for (var step = 0; step < 200_000; step++)
        {
            switch (random.Next(step % 20_000 < 12_000 ? 7 : 4))
            {
                case 0 or 1:
                    Assert.Equal(taken < added, queue.TryTake(out var ack));
                    Assert.Equal(taken < added ? taken++ : 0, ack.Number);
                    break;
                case 2 when random.Next(50) == 0:
                    wakeAt = taken + random.Next(1, 300);
                    Assert.Equal(added >= wakeAt, queue.AskToWake((int)(wakeAt - taken)));
                    break;
                case 3:
                    Assert.Equal(added >= wakeAt, queue.ShouldWake());
                    wakeAt = added >= wakeAt ? long.MaxValue : wakeAt;
                    break;
                default:
                    Assert.Equal(added - taken < AckQueue.Capacity, queue.TryAdd(new AckEvent(added, 0, AckKind.Stored)));
                    added += added - taken < AckQueue.Capacity ? 1 : 0;
                    break;
            }
        }

        Assert.True(taken > AckQueue.Capacity);
    }

    [Fact]
    public void AckWindow_QuickAnswers_GrowsToItsLimitOnlyWhenItWasClosed()
    {
        var window = new AckWindow();
        Answers(window, 20_000, Millisecond / 4);
        Assert.Equal(AckWindow.Start, window.Size);
        for (var i = 0; i < 200; i++)
        {
            window.WasClosed = true;
            Answers(window, 1000, Millisecond / 4);
        }

        Assert.Equal(AckWindow.Max, window.Size);
    }

    [Fact]
    public void AckWindow_AnswersTakeMuchLonger_IsHalvedAndComesBack()
    {
        var window = new AckWindow();
        Answers(window, 2000, Millisecond);
        Answers(window, 128, 20 * Millisecond);
        Assert.InRange(window.Size, AckWindow.Min, AckWindow.Start / 2);
        for (var i = 0; i < 20; i++)
        {
            window.WasClosed = true;
            Answers(window, 500, Millisecond);
        }

        Assert.True(window.Size >= AckWindow.Start);
    }

    [Fact]
    public void AckWindow_TroubleForLong_KeepsALittle()
    {
        var window = new AckWindow();
        for (var i = 0; i < 100; i++)
        {
            window.NoteTrouble();
        }

        Assert.Equal(AckWindow.Min, window.Size);
    }

    [Fact]
    public void TryAppendWithId_WhatCanNeverBeSent_IsRefusedBeforeTheLog()
    {
        var options = new NatsOptions
        {
            Servers = [new NatsEndpoint("127.0.0.1", 4222)],
            Delivery = NatsDelivery.JetStream,
            SendLogBytes = 1 << 16,
        };
        using var connection = new NatsConnection(options, 0, () => { }, NullLogger.Instance);
        Assert.Equal(NatsAppendResult.BadSubject, connection.TryAppendWithId("a b"u8, "1"u8, []));
        Assert.Equal(NatsAppendResult.BadHeaders, connection.TryAppendWithId("a"u8, "1\r\nX: 2"u8, []));
        Assert.Equal(NatsAppendResult.BadHeaders, connection.TryAppendWithId("a"u8, new byte[300], []));
        Assert.Equal(NatsAppendResult.TooLarge, connection.TryAppendWithId("a"u8, "1"u8, new byte[1 << 16]));
        Assert.Equal(0, connection.AppendedMessages);
        var taken = 0;
        while (connection.TryAppendWithId("a"u8, "1"u8, new byte[1000]) == NatsAppendResult.Appended)
        {
            taken++;
        }

        Assert.InRange(taken, 50, 65);
        Assert.Equal(taken, connection.UnconfirmedMessages);
        Assert.True(connection.HasUnsent);
        Assert.Equal(NatsFlushResult.Down, connection.Flush(Stopwatch.GetTimestamp()));
        Assert.Equal(long.MaxValue, connection.NextFenceDueTicks);
    }

    private static void Answers(AckWindow window, int count, long ticks)
    {
        for (var i = 0; i < count; i++)
        {
            window.NoteAnswer(ticks);
        }
    }
}
