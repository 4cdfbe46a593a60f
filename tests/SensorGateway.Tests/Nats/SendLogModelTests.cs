using System.Text;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Tests.Nats;

/// <summary>Random appends, sends, PONGs and cuts against a list of frames that does the same the simple way.</summary>
public sealed class SendLogModelTests
{
    [Fact]
    public void SendLog_FencedUnderRandomCuts_SendsWhatAListOfFramesSends()
    {
        for (var seed = 0; seed < 80; seed++)
        {
            Run(new Random(seed), fenced: true, steps: 600);
        }
    }

    [Fact]
    public void SendLog_CoreUnderRandomCuts_SendsWhatAListOfFramesSends()
    {
        for (var seed = 0; seed < 80; seed++)
        {
            Run(new Random(seed), fenced: false, steps: 600);
        }
    }

    private static void Run(Random random, bool fenced, int steps)
    {
        var log = new SendLog(SendLog.MinBytes);
        var model = new Model();
        var marks = new Queue<(FenceMark Mark, Frame Ping)>();
        for (var step = 0; step < steps; step++)
        {
            switch (random.Next(fenced ? 8 : 6))
            {
                case 0 or 1 or 2:
                    Append(log, model, random);
                    break;
                case 3 or 4:
                    Send(log, model, random);
                    if (!fenced)
                    {
                        log.ReleaseSent();
                        model.ReleaseSent();
                    }

                    break;
                case 5 when random.Next(4) == 0:
                    var maxPayload = random.Next(10) == 0 ? 100 : 1000;
                    var spacing = random.Next(1, 600);
                    var kept = new List<FenceMark>();
                    marks.Clear();
                    if (random.Next(2) == 0)
                    {
                        Assert.Equal(model.Restart(maxPayload, long.MaxValue, out _), log.Restart(maxPayload, headersAllowed: true).Messages);
                        break;
                    }

                    Assert.Equal(
                        model.Restart(maxPayload, spacing, out var pings),
                        log.Restart(maxPayload, headersAllowed: true, kept, spacing).Messages);
                    Assert.Equal(pings.Count, kept.Count);
                    foreach (var one in kept.Zip(pings))
                    {
                        marks.Enqueue(one);
                    }

                    break;
                case 6 when log.TryAppendControl(FrameKind.Ping):
                    var ping = new Frame("PING\r\n", 0, IsMessage: false);
                    model.Frames.Add(ping);
                    marks.Enqueue((log.Mark, ping));
                    break;
                case 7 when marks.Count > 0 && model.IsSent(marks.Peek().Ping):
                    var (mark, answered) = marks.Dequeue();
                    Assert.True(log.TryReleaseThrough(mark));
                    model.ReleaseThrough(answered);
                    break;
            }

            Check(log, model);
        }
    }

    private static void Append(SendLog log, Model model, Random random)
    {
        var payload = new string((char)('a' + random.Next(26)), random.Next(random.Next(2) == 0 ? 20 : 400));
        var headers = random.Next(3) == 0 ? "NATS/1.0\r\nId: 7\r\n\r\n" : string.Empty;
        var frame = headers.Length == 0
            ? $"PUB s.t {payload.Length}\r\n{payload}\r\n"
            : $"HPUB s.t {headers.Length} {headers.Length + payload.Length}\r\n{headers}{payload}\r\n";
        var free = log.FreeBytes;
        if (log.TryAppend("s.t"u8, Encoding.ASCII.GetBytes(headers), Encoding.ASCII.GetBytes(payload)))
        {
            model.Frames.Add(new Frame(frame, headers.Length + payload.Length, IsMessage: true));
        }
        else
        {
            Assert.True(free < frame.Length + SendLog.ControlReserveBytes || model.Frames.Count > 40, "refused for no reason");
        }
    }

    private static void Send(SendLog log, Model model, Random random)
    {
        var chunk = log.Unsent(random.Next(1, 2000));
        var taken = random.Next(chunk.Length + 1);
        Assert.Equal(model.Unsent()[..taken], Encoding.ASCII.GetString(chunk[..taken]));
        var expected = model.AdvanceSent(taken);
        Assert.Equal(expected, log.AdvanceSent(taken));
    }

    private static void Check(SendLog log, Model model)
    {
        Assert.Equal(model.Unsent().Length, log.UnsentBytes);
        Assert.Equal(model.Frames.Count(frame => frame.IsMessage), log.Messages);
        Assert.Equal(model.Frames.Where(frame => frame.IsMessage).Sum(frame => frame.Text.Length), log.MessageBytes);
        Assert.Equal(model.ReleasedMessages, log.ReleasedMessages);
        Assert.Equal(log.CapacityBytes - model.Frames.Sum(frame => frame.Text.Length), log.FreeBytes);
    }

    private sealed record Frame(string Text, int PayloadBytes, bool IsMessage)
    {
        public bool WasSent { get; set; }
    }

    /// <summary>Frames in a list, and how many bytes of them were sent.</summary>
    private sealed class Model
    {
        private int _sentBytes;

        public List<Frame> Frames { get; } = [];

        public long ReleasedMessages { get; private set; }

        public string Unsent() => string.Concat(Frames.Select(frame => frame.Text))[_sentBytes..];

        public bool IsSent(Frame frame) => SentFrames().Any(sent => ReferenceEquals(sent, frame));

        public SentFrames AdvanceSent(int bytes)
        {
            var before = SentFrames().Count;
            _sentBytes += bytes;
            var news = SentFrames().Skip(before).ToList();
            var result = new SentFrames(
                news.Count(frame => frame.IsMessage && !frame.WasSent),
                news.Count(frame => frame.IsMessage && frame.WasSent),
                news.Count(frame => !frame.IsMessage));
            news.ForEach(frame => frame.WasSent = true);
            return result;
        }

        public void ReleaseSent() => Release(SentFrames().Count);

        public void ReleaseThrough(Frame ping) => Release(Frames.FindIndex(frame => ReferenceEquals(frame, ping)) + 1);

        public int Restart(int maxPayload, long spacing, out List<Frame> pings)
        {
            _sentBytes = 0;
            var dropped = Frames.RemoveAll(frame => frame.PayloadBytes > maxPayload);
            pings = [];
            var between = 0L;
            foreach (var frame in Frames.ToList())
            {
                between += frame.IsMessage ? frame.Text.Length : 0;
                if (!frame.IsMessage && between >= spacing)
                {
                    pings.Add(frame);
                    between = 0;
                }
                else if (!frame.IsMessage)
                {
                    Frames.RemoveAll(each => ReferenceEquals(each, frame));
                }
            }

            return dropped;
        }

        private void Release(int count)
        {
            ReleasedMessages += Frames.Take(count).Count(frame => frame.IsMessage);
            _sentBytes -= Frames.Take(count).Sum(frame => frame.Text.Length);
            Frames.RemoveRange(0, count);
        }

        private List<Frame> SentFrames()
        {
            var end = 0;
            return [.. Frames.TakeWhile(frame => (end += frame.Text.Length) <= _sentBytes)];
        }
    }
}
