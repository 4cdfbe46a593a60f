using System.Globalization;
using System.Text;
using SensorGateway.Nats.JetStream;

namespace SensorGateway.Tests.Nats;

/// <summary>Random appends, partial sends, answers in any order, retries and cuts against a list of frames.</summary>
public sealed class AckLogModelTests
{
    [Fact]
    public void AckLog_RandomAnswersRetriesAndCuts_SendsWholeFramesAndReleasesInOrder()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var run = new Run(new Random(seed));
            for (var step = 0; step < 800; step++)
            {
                run.Step();
            }

            run.Finish();
        }
    }

    [Fact]
    public void TryAppend_WithAndWithoutId_WritesTheWholeFrame()
    {
        var log = new AckLog(1, "ALERTS");
        Assert.True(log.TryAppend("a.b"u8, [], "edge-1"u8, "hello"u8));
        var headers = "NATS/1.0\r\nNats-Msg-Id: edge-1\r\nNats-Expected-Stream: ALERTS\r\n\r\n";
        Assert.Equal(
            $"HPUB a.b {log.Inbox}.0 {headers.Length} {headers.Length + 5}\r\n{headers}hello\r\n", Sent(log));

        Assert.True(log.TryAppend("a.b"u8, "NATS/1.0\r\nX: 1\r\n\r\n"u8, [], "x"u8));
        headers = $"NATS/1.0\r\nX: 1\r\nNats-Msg-Id: {log.Inbox["_INBOX.".Length..]}-1\r\nNats-Expected-Stream: ALERTS\r\n\r\n";
        Assert.Equal(
            $"HPUB a.b {log.Inbox}.1 {headers.Length} {headers.Length + 1}\r\n{headers}x\r\n", Sent(log));

        Assert.True(log.TryAppend("a.b"u8, "NATS/1.0\r\nNats-Msg-Id: own\r\n\r\n"u8, [], []));
        Assert.Equal(1, Sent(log).Split("Nats-Msg-Id").Length - 1);
    }

    [Fact]
    public void TrySettle_NumbersNobodySent_AreIgnored()
    {
        var log = new AckLog(1, null);
        log.TryAppend("a"u8, [], [], []);
        foreach (var number in (long[])[0, 1, -1, long.MinValue, long.MaxValue])
        {
            Assert.False(log.TrySettle(number, out _));
            Assert.False(log.TrySendAgain(number));
        }

        Sent(log);
        Assert.True(log.TrySettle(0, out _));
        Assert.False(log.TrySettle(0, out _));
        Assert.Equal(log.CapacityBytes, log.FreeBytes);
    }

    private static string Sent(AckLog log)
    {
        var text = string.Empty;
        for (ReadOnlySpan<byte> chunk; !(chunk = log.Unsent(100, 1000)).IsEmpty; log.AdvanceSent(chunk.Length, 1))
        {
            text += Encoding.UTF8.GetString(chunk);
        }

        return text;
    }

    private sealed class Run(Random random)
    {
        private readonly AckLog _log = new(1, random.Next(2) == 0 ? "ALERTS" : null);
        private readonly List<Frame> _frames = [];
        private readonly List<Frame> _answerable = []; // What the server has read whole, as often as it has.
        private string _received = string.Empty;       // What it has read of the frame that is coming.
        private int _highestSent = -1;
        private long _now = 1;

        public void Step()
        {
            _now++;
            switch (random.Next(12))
            {
                case 0 or 1 or 2:
                    Append();
                    break;
                case 3 or 4 or 5 or 6:
                    Send(random.Next(1, 40), random.Next(1, 900));
                    break;
                case 7 or 8 or 9 when _answerable.Count > 0:
                    Answer(_answerable[random.Next(_answerable.Count)]);
                    break;
                case 10 when _answerable.Count > 0:
                    var again = _answerable[random.Next(_answerable.Count)];
                    var isSent = again is { Settled: false, Waiting: false };
                    Assert.Equal(isSent, _log.TrySendAgain(again.Number));
                    again.Waiting |= isSent;
                    break;
                case 11 when random.Next(8) == 0:
                    Cut(random.Next(4) == 0 ? 300 : 2000);
                    break;
                case 11:
                    Overdue();
                    break;
            }

            Check();
        }

        public void Finish()
        {
            for (var round = 0; round < 5 || _answerable.Count > 0; round++)
            {
                while (Send(1000, 5000))
                {
                }

                _answerable.ToList().ForEach(Answer);
                _answerable.Clear();
            }

            Assert.All(_frames, frame => Assert.True(frame.Settled));
            Assert.Equal(_log.CapacityBytes, _log.FreeBytes);
            Assert.Equal((0, 0), (_log.Waiting, _log.InFlight));
        }

        private void Append()
        {
            var payload = new string((char)('a' + random.Next(26)), random.Next(500));
            var free = _log.FreeBytes;
            if (_log.TryAppend("s.t"u8, [], "id"u8, Encoding.ASCII.GetBytes(payload)))
            {
                _frames.Add(new Frame(_frames.Count, payload, (int)(free - _log.FreeBytes)));
                Assert.Equal(_frames[^1].Bytes, _log.AppendedFrameBytes);
            }
            else
            {
                Assert.True(free < payload.Length + 200, "refused for no reason");
            }
        }

        private bool Send(int window, int maxBytes)
        {
            var inFlight = _log.InFlight;
            var chunk = _log.Unsent(window, maxBytes);
            Assert.True(chunk.Length <= maxBytes);
            var taken = random.Next(4) == 0 ? random.Next(chunk.Length + 1) : chunk.Length;
            _received += Encoding.ASCII.GetString(chunk[..taken]);
            var sent = _log.AdvanceSent(taken, _now);
            var (first, again) = (0, 0);
            while (TryTakeFrame() is { } frame)
            {
                // A frame goes out again only when it waits, or when its answer came while it was going out.
                Assert.True(frame.Waiting || frame.Settled);
                first += frame.Number > _highestSent ? 1 : 0;
                again += frame.Number > _highestSent ? 0 : 1;
                _highestSent = Math.Max(_highestSent, frame.Number);
                frame.Waiting = false;
                frame.SentAt = _now;
                _answerable.Add(frame);
            }

            Assert.Equal((first, again), (sent.FirstTimeMessages, sent.ResentMessages));
            Assert.True(_log.InFlight <= Math.Max(window, inFlight + 1));
            return taken > 0 || chunk.Length > 0;
        }

        private Frame? TryTakeFrame()
        {
            var lineEnd = _received.IndexOf("\r\n", StringComparison.Ordinal);
            if (lineEnd < 0)
            {
                return null;
            }

            var tokens = _received[..lineEnd].Split(' ');
            Assert.Equal(["HPUB", "s.t"], tokens[..2]);
            var total = int.Parse(tokens[4], CultureInfo.InvariantCulture);
            var frameBytes = lineEnd + 2 + total + 2;
            if (_received.Length < frameBytes)
            {
                return null;
            }

            var frame = _frames[int.Parse(tokens[2].Split('.')[^1], CultureInfo.InvariantCulture)];
            Assert.Equal(frame.Bytes, frameBytes);
            Assert.EndsWith($"\r\n\r\n{frame.Payload}\r\n", _received[..frameBytes], StringComparison.Ordinal);
            _received = _received[frameBytes..];
            return frame;
        }

        private void Answer(Frame frame)
        {
            Assert.Equal(!frame.Settled, _log.TrySettle(frame.Number, out var settled));
            Assert.True(frame.Settled || settled.Bytes == frame.Bytes);
            (frame.Settled, frame.Waiting) = (true, false);
        }

        private void Cut(int maxPayload)
        {
            _received = string.Empty;
            var headerBytes = _frames.Count == 0 ? 0 : _log.HeaderBytesMax([], "id"u8);
            var droppedFrames = _frames.Where(
                frame => !frame.Settled && frame.Payload.Length + headerBytes > maxPayload).ToList();
            Assert.Equal(droppedFrames.Count, _log.Restart(maxPayload).Messages);
            _frames.ForEach(frame => frame.Waiting = !frame.Settled);
            droppedFrames.ForEach(frame => (frame.Settled, frame.Waiting) = (true, false));
        }

        private void Overdue()
        {
            var limit = _now - random.Next(60);
            var overdue = _frames.Where(frame => frame is { Settled: false, Waiting: false } && frame.SentAt <= limit).ToList();
            Assert.Equal(overdue.Count, _log.SendOverdueAgain(limit));
            overdue.ForEach(frame => frame.Waiting = true);
        }

        private void Check()
        {
            Assert.Equal(_frames.Count(frame => frame.Waiting), _log.Waiting);
            Assert.Equal(_frames.Count(frame => frame is { Waiting: false, Settled: false }), _log.InFlight);

            // Settled frames leave up to the first that is not, or whose bytes are going out.
            Assert.Equal(_received.Length > 0, _log.IsMidFrame);
            var kept = _frames.SkipWhile(frame => frame.Settled && !IsGoingOut(frame)).Sum(frame => frame.Bytes);
            Assert.Equal(_log.CapacityBytes - kept, _log.FreeBytes);
        }

        private bool IsGoingOut(Frame frame) => _log.IsMidFrame && frame.Number == _log.NextNumber;
    }

    private sealed class Frame(int number, string payload, int bytes)
    {
        public int Number { get; } = number;

        public string Payload { get; } = payload;

        public int Bytes { get; } = bytes;

        public bool Waiting { get; set; } = true;

        public bool Settled { get; set; }

        public long SentAt { get; set; }
    }
}
