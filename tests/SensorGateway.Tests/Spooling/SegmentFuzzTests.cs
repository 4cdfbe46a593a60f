using System.Text;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit;

namespace SensorGateway.Tests.Spooling;

/// <summary>Segments with anything done to them: a start always succeeds, and only what was touched is lost.</summary>
public sealed class SegmentFuzzTests
{
    private const int Records = 60;
    private static readonly int Mutations =
        FaultRun.IsFull ? 10_000 : 2_000;

    [Fact]
    public void Start_WithMutatedSegments_FindsEverySoundRecordAndNoOther()
    {
        var (sound, places) = MakeSegments();
        for (var seed = 0; seed < Mutations; seed++)
        {
            var random = new Random(seed);
            var files = new MemoryFiles();
            foreach (var (name, bytes) in sound)
            {
                files[name] = bytes[..];
            }

            var touched = new HashSet<ulong>();
            var mutations = new List<string>();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                mutations.Add(Mutate(random, files, places, touched));
            }

            var (found, log) = ReadAll(files);

            Assert.True(found.Order().SequenceEqual(found), $"seed {seed}: out of order");
            Assert.True(found.Count == found.Distinct().Count(), $"seed {seed}: a record came twice");
            Assert.True(found.All(sequence => sequence is >= 1 and <= 2 * Records), $"seed {seed}: an invented record");
            var lost = places.Select(place => place.Sequence).Except(touched).Except(found).ToArray();
            Assert.True(lost.Length == 0, $"seed {seed}: untouched records {string.Join(' ', lost)} were lost by {string.Join(", ", mutations)}");
            Assert.True(log.Recovered >= found.Count, $"seed {seed}");
            log.Release([ulong.MaxValue]);
            Assert.Equal(0, log.Segments);
            if ((seed + 1) % 1000 == 0)
            {
                FaultRun.Tell($"mutated spools: {seed + 1} of {Mutations}");
            }
        }
    }

    [Fact]
    public void Start_WithNoise_TakesNothingForAnAlert()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var noise = new byte[random.Next(40_000)];
            random.NextBytes(noise);
            for (var i = random.Next(20); i > 0 && noise.Length > 60; i--)
            {
                "SGR1"u8.CopyTo(noise.AsSpan(random.Next((noise.Length - 8) / 8) * 8));
            }

            var files = new MemoryFiles { [SegmentHeader.NameOf(5)] = noise };
            var (found, log) = ReadAll(files);

            Assert.Empty(found);
            Assert.Equal(0, log.Segments);
        }
    }

    [Fact]
    public void Payload_ThatLooksLikeARecord_IsNeverReadAsOne()
    {
        // A record inside another's JSON: only a sender that can write zero bytes into JSON could do that.
        var inner = new byte[200];
        var bytes = SpoolRecord.Write(inner, new SpoolHead(9, 0, 0, Severity.Low, false), "s"u8, "{}"u8);
        Assert.Contains((byte)0, inner[..SpoolRecord.HeaderBytes]);
        var log = new SpoolLog(new MemoryFiles(), Options, 1);
        log.Open(1);
        log.TryAppend(new SpoolHead(1, 0, 0, Severity.Low, false), "s"u8, inner.AsSpan(0, bytes));
        log.TryAppend(new SpoolHead(2, 0, 0, Severity.Low, false), "s"u8, "{}"u8);
        log.WriteOut();

        Assert.True(log.TryPeek(0, out var first));
        Assert.Equal(bytes, first.Json.Length);
        log.Take(0, first);
        Assert.True(log.TryPeek(0, out var second));
        Assert.Equal(2UL, second.Head.Sequence);
    }

    private static SpoolOptions Options => new() { Folder = "x" };

    private static ((string Name, byte[] Bytes)[] Files, Place[] Places) MakeSegments()
    {
        var files = new MemoryFiles();
        for (var start = 0; start < 2; start++)
        {
            using var log = new SpoolLog(files, Options, 1);
            log.Open(ulong.MaxValue);
            for (var i = 1; i <= Records; i++)
            {
                var sequence = (ulong)(start * Records + i);
                var json = Encoding.ASCII.GetBytes($"{{\"n\":{sequence},\"p\":\"{new string('p', i * 7 % 300)}\"}}");
                log.TryAppend(new SpoolHead(sequence, (uint)i, 1, Severity.High, false), "alerts.high.a"u8, json);
            }

            log.WriteOut();
        }

        var names = files.Names.ToArray();
        return ([.. names.Select(name => (name, files[name]))], [.. names.SelectMany(name => PlacesIn(name, files[name]))]);
    }

    private static IEnumerable<Place> PlacesIn(string name, byte[] segment)
    {
        for (var at = SegmentHeader.Bytes; at < segment.Length;)
        {
            Assert.True(SpoolRecord.TryRead(segment.AsSpan(at), out var record, out var bytes));
            yield return new Place(name, record.Head.Sequence, at, bytes);
            at += bytes;
        }
    }

    /// <summary>Does something to a file; returns what.</summary>
    private static string Mutate(Random random, MemoryFiles files, Place[] places, HashSet<ulong> touched)
    {
        var names = files.Names.ToArray();
        if (names.Length == 0)
        {
            return "nothing";
        }

        var name = names[random.Next(names.Length)];
        var bytes = files[name];
        var from = random.Next(bytes.Length + 1);
        var to = Math.Min(bytes.Length, from + random.Next(1, 2000));
        var kind = random.Next(8);
        switch (kind)
        {
            case 0: // A flipped bit.
                to = Math.Min(bytes.Length, from + 1);
                Change(bytes, from, to, b => (byte)(b ^ 1 << random.Next(8)));
                break;
            case 1: // Zeros.
                Change(bytes, from, to, static _ => 0);
                break;
            case 2: // Noise.
                Change(bytes, from, to, _ => (byte)random.Next(256));
                break;
            case 3: // A torn tail.
                bytes = bytes[..from];
                to = int.MaxValue;
                break;
            case 4: // Room that was reserved and not written.
                bytes = [.. bytes, .. new byte[random.Next(5000)]];
                (from, to) = (bytes.Length, bytes.Length);
                break;
            case 5: // Noise behind the end.
                var noise = new byte[random.Next(5000)];
                random.NextBytes(noise);
                bytes = [.. bytes, .. noise];
                (from, to) = (bytes.Length, bytes.Length);
                break;
            case 6: // The same file again.
                files[SegmentHeader.NameOf((ulong)random.Next(1000))] = bytes;
                touched.UnionWith(places.Select(static place => place.Sequence)); // Which of two names is read first is open.
                return $"a copy of {name}";
            default:
                files.Lose(name);
                touched.UnionWith(places.Where(place => place.Name == name).Select(static place => place.Sequence));
                return $"the loss of {name}";
        }

        files[name] = bytes;
        touched.UnionWith(places
            .Where(place => place.Name == name && place.At < to && place.At + place.Bytes > from)
            .Select(static place => place.Sequence));
        return $"mutation {kind} of {name}, bytes {from} to {to}";
    }

    private static void Change(byte[] bytes, int from, int to, Func<byte, byte> change)
    {
        for (var i = from; i < to; i++)
        {
            bytes[i] = change(bytes[i]);
        }
    }

    private static (List<ulong> Found, SpoolLog Log) ReadAll(MemoryFiles files)
    {
        var log = new SpoolLog(files, Options, 1);
        log.Open(1UL << 40);
        while (log.Unscanned > 0)
        {
            log.ScanNext();
        }

        var found = new List<ulong>();
        while (log.TryPeek(0, out var record))
        {
            found.Add(record.Head.Sequence);
            log.Take(0, record);
        }

        return (found, log);
    }

    private sealed record Place(string Name, ulong Sequence, int At, int Bytes);
}
