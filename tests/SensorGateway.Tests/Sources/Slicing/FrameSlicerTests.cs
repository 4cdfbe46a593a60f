using System.Text;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Sources.Slicing;

public sealed class FrameSlicerTests
{
    private const int Max = 1000;

    [Theory]
    [InlineData("0000000141" + "00000003424344", "A,BCD", "")]
    [InlineData("00000000", "", "EmptyFrame")]
    [InlineData("0000000141" + "00000000" + "0000000141", "A", "EmptyFrame")]
    [InlineData("000003E9", "", "TooLarge")]
    [InlineData("FFFFFFFF", "", "TooLarge")]
    [InlineData("80000000", "", "TooLarge")]
    [InlineData("000000", "", "CutFrame")]
    [InlineData("0000000241", "", "CutFrame")]
    public void LengthPrefixed_Stream_GivesPayloadsAndReasons(string hex, string payloads, string reasons) =>
        Check(Framing.LengthPrefixed, Convert.FromHexString(hex), payloads, reasons);

    [Theory]
    [InlineData("A\nBCD\n", "A,BCD", "")]
    [InlineData("A\r\n\r\n\nB", "A,B", "")]
    [InlineData("A\rB\r\r\n", "A\rB\r", "")]
    [InlineData("A\r", "A", "")]
    [InlineData("\n\r\n\r", "", "")]
    public void Newline_Stream_GivesPayloadsAndReasons(string text, string payloads, string reasons) =>
        Check(Framing.Newline, Encoding.Latin1.GetBytes(text), payloads, reasons);

    [Theory]
    [InlineData("1 A3 BCD", "A,BCD", "")]
    [InlineData("0 ", "", "EmptyFrame")]
    [InlineData("01 A", "", "BadFrame")]
    [InlineData("00 A", "", "BadFrame")]
    [InlineData(" A", "", "BadFrame")]
    [InlineData("-1 A", "", "BadFrame")]
    [InlineData("1\tA", "", "BadFrame")]
    [InlineData("1 A<34>1 -", "A", "BadFrame")]
    [InlineData("1001 ", "", "TooLarge")]
    [InlineData("99999999999999999999999999", "", "TooLarge")]
    [InlineData("12", "", "CutFrame")]
    [InlineData("3 AB", "", "CutFrame")]
    public void OctetCounted_Stream_GivesPayloadsAndReasons(string text, string payloads, string reasons) =>
        Check(Framing.OctetCounted, Encoding.Latin1.GetBytes(text), payloads, reasons);

    [Theory]
    [InlineData(Framing.LengthPrefixed)]
    [InlineData(Framing.Newline)]
    [InlineData(Framing.OctetCounted)]
    public void AnyFraming_PayloadOfExactlyTheLimit_IsTaken_AndOneMoreIsNot(Framing framing)
    {
        var atLimit = SlicerRun.Whole(framing, Max, FrameText.Encode(framing, new byte[Max]));
        var above = SlicerRun.Whole(framing, Max, FrameText.Encode(framing, new byte[Max + 1]));

        Assert.Equal(Max, Assert.Single(atLimit.Payloads).Length);
        Assert.Empty(atLimit.Rejected);
        Assert.Empty(above.Payloads);
        Assert.Equal(RejectReason.TooLarge, Assert.Single(above.Rejected));
        Assert.Equal(framing != Framing.Newline, above.IsBroken);
    }

    [Theory]
    [InlineData(Framing.LengthPrefixed)]
    [InlineData(Framing.Newline)]
    [InlineData(Framing.OctetCounted)]
    public void AnyFraming_CutAtEveryPairOfBytes_GivesTheSame(Framing framing)
    {
        byte[][] payloads = ["alpha"u8.ToArray(), [0, 255, 128], "0123456789abcde"u8.ToArray(), "z"u8.ToArray()];
        var stream = FrameText.Encode(framing, payloads);

        for (var first = 0; first <= stream.Length; first++)
        {
            for (var second = first; second <= stream.Length; second++)
            {
                var outcome = SlicerRun.Whole(framing, 15, stream, first, second);
                Assert.Equal(payloads, outcome.Payloads);
                Assert.Empty(outcome.Rejected);
            }
        }
    }

    [Fact]
    public void Newline_OverlongLineCutAnywhere_IsRejectedOnceAndSkipped()
    {
        // Just above the limit, the last byte a CR: only the byte after it shows that the line is too long.
        foreach (var line in new[] { "abcdefghijk", "abcdefghij\rk", "abcdefghij\r\r", "abcdefghijklmnopqrstuvwxyz\r" })
        {
            var stream = Encoding.Latin1.GetBytes($"before\n{line}\nafter\n");
            for (var cut = 0; cut <= stream.Length; cut++)
            {
                var outcome = SlicerRun.Whole(Framing.Newline, 10, stream, cut);
                Assert.Equal(["before"u8.ToArray(), "after"u8.ToArray()], outcome.Payloads);
                Assert.Equal([RejectReason.TooLarge], outcome.Rejected);
                Assert.False(outcome.IsBroken);
            }
        }
    }

    private static void Check(Framing framing, byte[] stream, string payloads, string reasons)
    {
        var outcome = SlicerRun.Whole(framing, Max, stream);

        Assert.Equal(payloads, string.Join(',', outcome.Payloads.Select(Encoding.Latin1.GetString)));
        Assert.Equal(reasons, string.Join(',', outcome.Rejected));
    }
}
