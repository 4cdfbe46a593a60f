using SensorGateway.Pipeline.Sources;

namespace SensorGateway.Tests.Sources.Slicing;

/// <summary>A million frames, mutated at random and cut at random, must give what the plain slicing gives.</summary>
public sealed class MutatedFramesTests
{
    private const int Max = 24; // Small, so that mutated lengths often hit the limit and its neighbours.
    private const int FramesPerStream = 20;
    private const int FramesPerFraming = 350_000;

    private static readonly byte[] InterestingBytes = [.. "\0\n\r 0129"u8, 0xFF];

    [Theory]
    [InlineData(Framing.LengthPrefixed, 1)]
    [InlineData(Framing.Newline, 2)]
    [InlineData(Framing.OctetCounted, 3)]
    public void MutatedFrames_CutAtRandom_GiveWhatPlainSlicingGives(Framing framing, int seed)
    {
        var random = new Random(seed);
        var broken = 0;
        var payloads = 0L;
        for (var frames = 0; frames < FramesPerFraming; frames += FramesPerStream)
        {
            var stream = Mutated(framing, random);
            var expected = PlainSlicing.Of(framing, Max, stream);
            var outcome = SlicerRun.Whole(framing, Max, stream, Cuts(stream.Length, random));

            if (expected.ToString() != outcome.ToString())
            {
                Assert.Fail($"seed {seed}, stream {Convert.ToHexString(stream)}\nexpected {expected}\nactual   {outcome}");
            }

            broken += outcome.IsBroken ? 1 : 0;
            payloads += outcome.Payloads.Count;
        }

        // The mutations must reach both the good and the bad ways, or this test shows nothing.
        Assert.InRange(payloads, FramesPerFraming / 20, FramesPerFraming * 2);
        Assert.True(framing == Framing.Newline || broken > FramesPerFraming / FramesPerStream / 10);
    }

    private static byte[] Mutated(Framing framing, Random random)
    {
        var stream = new List<byte>();
        for (var i = 0; i < FramesPerStream; i++)
        {
            var payload = new byte[random.Next(1, Max + 1)];
            random.NextBytes(payload);
            stream.AddRange(FrameText.Encode(framing, payload));
        }

        for (var mutations = random.Next(0, 4); mutations > 0; mutations--)
        {
            var at = random.Next(stream.Count);
            switch (random.Next(5))
            {
                case 0:
                    stream[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    stream[at] = Interesting(random);
                    break;
                case 2:
                    stream.Insert(at, Interesting(random));
                    break;
                case 3:
                    stream.RemoveRange(at, Math.Min(random.Next(1, 6), stream.Count - at - 1));
                    break;
                default:
                    stream.RemoveRange(at, stream.Count - at);
                    stream.Add(Interesting(random));
                    break;
            }
        }

        return [.. stream];
    }

    private static byte Interesting(Random random) => InterestingBytes[random.Next(InterestingBytes.Length)];

    private static int[] Cuts(int length, Random random)
    {
        var cuts = new int[random.Next(0, 8)];
        for (var i = 0; i < cuts.Length; i++)
        {
            cuts[i] = random.Next(length + 1);
        }

        Array.Sort(cuts);
        return cuts;
    }
}
