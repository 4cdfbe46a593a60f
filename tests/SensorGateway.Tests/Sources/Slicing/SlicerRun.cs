using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Sources.Slicing;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Sources.Slicing;

/// <summary>What came of a stream: payloads in order, rejections in order, and whether slicing went on to the end.</summary>
internal sealed class SliceOutcome
{
    public List<byte[]> Payloads { get; } = [];

    public List<RejectReason> Rejected { get; } = [];

    public bool IsBroken { get; set; }

    public override string ToString() =>
        $"{string.Join(' ', Payloads.Select(Convert.ToHexString))} | {string.Join(' ', Rejected)} | broken {IsBroken}";
}

/// <summary>Feeds a stream to a slicer as a source does: leftover in front of the new bytes.</summary>
internal sealed class SlicerRun(Framing framing, int payloadBytesMax)
{
    private readonly FrameSlicer _slicer = FrameSlicer.Create(framing, payloadBytesMax);
    private SliceState _state;
    private byte[] _rest = [];
    private int _needed;

    public SliceOutcome Outcome { get; } = new();

    public static SliceOutcome Whole(Framing framing, int payloadBytesMax, byte[] stream, params int[] cuts)
    {
        var run = new SlicerRun(framing, payloadBytesMax);
        var from = 0;
        foreach (var cut in cuts)
        {
            run.Feed(stream.AsSpan(from..cut));
            from = cut;
        }

        run.Feed(stream.AsSpan(from));
        run.Finish();
        return run.Outcome;
    }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (Outcome.IsBroken)
        {
            return;
        }

        _rest = [.. _rest, .. bytes];
        if (_rest.Length < _needed)
        {
            return;
        }

        var cursor = new FrameCursor(_rest);
        while (true)
        {
            var before = cursor.Rest.Length;
            var result = _slicer.Next(ref cursor, ref _state);
            Assert.InRange(cursor.Rest.Length, 0, before);
            if (!Keep(result, ref cursor))
            {
                break;
            }

            Assert.True(cursor.Rest.Length < before, "a frame or a rejection must take bytes off");
        }

        Assert.True(Outcome.IsBroken || cursor.Rest.Length <= payloadBytesMax + FrameSlicer.OverheadBytesMax);
        Assert.True(Outcome.IsBroken || cursor.BytesNeeded > cursor.Rest.Length);
        Assert.True(Outcome.IsBroken || cursor.BytesNeeded <= payloadBytesMax + FrameSlicer.OverheadBytesMax);
        _needed = cursor.BytesNeeded;
        _rest = cursor.Rest.ToArray();
    }

    public void Finish()
    {
        if (!Outcome.IsBroken)
        {
            var cursor = new FrameCursor(_rest);
            Keep(_slicer.Finish(ref cursor, _state), ref cursor);
        }
    }

    private bool Keep(SliceResult result, ref FrameCursor cursor)
    {
        switch (result)
        {
            case SliceResult.Frame:
                Assert.InRange(cursor.Payload.Length, 1, payloadBytesMax);
                Outcome.Payloads.Add(cursor.Payload.ToArray());
                return true;
            case SliceResult.Rejected:
                Outcome.Rejected.Add(cursor.Reason);
                return true;
            case SliceResult.Broken:
                Outcome.Rejected.Add(cursor.Reason);
                Outcome.IsBroken = true;
                return false;
            default:
                return false;
        }
    }
}
