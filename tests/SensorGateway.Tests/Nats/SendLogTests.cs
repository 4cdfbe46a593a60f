using System.Text;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Tests.Nats;

public sealed class SendLogTests
{
    [Theory]
    [InlineData("a", "", "", "PUB a 0\r\n\r\n")]
    [InlineData("alerts.high", "", "hello", "PUB alerts.high 5\r\nhello\r\n")]
    [InlineData("a", "NATS/1.0\r\n\r\n", "", "HPUB a 12 12\r\nNATS/1.0\r\n\r\n\r\n")]
    [InlineData("a", "NATS/1.0\r\nX: 1\r\n\r\n", "p\r\nq", "HPUB a 18 22\r\nNATS/1.0\r\nX: 1\r\n\r\np\r\nq\r\n")]
    public void TryAppend_Message_IsEncodedAsTheProtocolSays(string subject, string headers, string payload, string frame)
    {
        var log = new SendLog(SendLog.MinBytes);
        Assert.True(log.TryAppend(Bytes(subject), Bytes(headers), Bytes(payload)));
        Assert.Equal(frame, Encoding.ASCII.GetString(log.Unsent(int.MaxValue)));
        Assert.Equal(frame.Length, log.MessageBytes);
    }

    [Fact]
    public void TryAppend_FullLog_StillTakesAPingAndEmptiesByIt()
    {
        var log = new SendLog(SendLog.MinBytes);
        while (log.TryAppend("a"u8, [], new byte[100]))
        {
        }

        var messages = log.Messages;
        Assert.True(log.TryAppendControl(FrameKind.Ping));
        var mark = log.Mark;
        Assert.False(log.TryReleaseThrough(mark)); // Not sent yet.
        var sent = log.AdvanceSent((int)log.UnsentBytes);
        Assert.Equal(new SentFrames(messages, 0, 1), sent);
        Assert.True(log.TryReleaseThrough(mark));
        Assert.Equal(log.CapacityBytes, log.FreeBytes);
        Assert.Equal(messages, log.ReleasedMessages);
        Assert.True(log.TryAppend("a"u8, [], new byte[100]));
    }

    [Fact]
    public void TryAppendControl_PongsWithoutEnd_LeaveRoomForAPing()
    {
        var log = new SendLog(SendLog.MinBytes);
        while (log.TryAppend("a"u8, [], new byte[100]))
        {
        }

        var pongs = 0;
        while (log.TryAppendControl(FrameKind.Pong))
        {
            pongs++;
        }

        Assert.InRange(pongs, 1, SendLog.MinBytes);
        Assert.True(log.TryAppendControl(FrameKind.Ping));
    }

    [Fact]
    public void TryAppend_ManyTinyMessages_IsBoundedByTheNumberOfFramesToo()
    {
        var log = new SendLog(SendLog.MinBytes);
        while (log.TryAppend("a"u8, [], []))
        {
        }

        Assert.InRange(log.Messages, 1, SendLog.MinBytes / 64);
        Assert.True(log.IsNearlyFull);
        Assert.True(log.TryAppendControl(FrameKind.Ping));
    }

    [Fact]
    public void Unsent_AfterTheLogEmptied_StartsAtTheSameBytesAgain()
    {
        var log = new SendLog(SendLog.MinBytes);
        for (var round = 0; round < 1000; round++)
        {
            Assert.True(log.TryAppend("a"u8, [], new byte[1000]));
            // Never split by the end.
            Assert.Equal(1000 + "PUB a 1000\r\n\r\n".Length, log.Unsent(int.MaxValue).Length);
            log.AdvanceSent((int)log.UnsentBytes);
            log.ReleaseSent();
        }
    }

    [Fact]
    public void Restart_TornFrame_IsSentWholeAgain()
    {
        var log = new SendLog(SendLog.MinBytes);
        log.TryAppend("a"u8, [], "one"u8);
        log.TryAppend("a"u8, [], "two"u8);
        log.AdvanceSent(20); // The first frame and a bit.
        log.ReleaseSent();
        log.Restart(1000, headersAllowed: true);
        Assert.Equal("PUB a 3\r\ntwo\r\n", Encoding.ASCII.GetString(log.Unsent(int.MaxValue)));
        Assert.Equal(new SentFrames(1, 0, 0), log.AdvanceSent(14));
    }

    [Fact]
    public void Restart_HeadersNoLongerAllowed_DropsThoseMessages()
    {
        var log = new SendLog(SendLog.MinBytes);
        log.TryAppend("a"u8, "NATS/1.0\r\n\r\n"u8, "x"u8);
        log.TryAppend("a"u8, [], "y"u8);
        Assert.Equal(1, log.Restart(1000, headersAllowed: false).Messages);
        Assert.Equal("PUB a 1\r\ny\r\n", Encoding.ASCII.GetString(log.Unsent(int.MaxValue)));
    }

    [Fact]
    public void AppendSendRelease_SteadyState_AllocateNothing()
    {
        var log = new SendLog(1 << 16);
        var payload = new byte[128];
        var before = 0L;
        for (var round = 0; round < 20_000; round++)
        {
            if (round == 1000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            log.TryAppend("alerts.high.sensor"u8, "NATS/1.0\r\n\r\n"u8, payload);
            log.TryAppendControl(FrameKind.Ping);
            var mark = log.Mark;
            log.AdvanceSent(log.Unsent(65536).Length);
            log.TryReleaseThrough(mark);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
