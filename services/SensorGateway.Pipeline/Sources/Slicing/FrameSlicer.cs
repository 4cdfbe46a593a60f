using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources.Slicing;

/// <summary>What a slicer must remember of one connection between two reads, beside the unsliced bytes.</summary>
internal struct SliceState
{
    /// <summary>Newline only: the rest of a line that was already refused is being skipped.</summary>
    public bool SkipsLine;

    /// <summary>Newline only: this many of the unsliced bytes are known to hold no LF.</summary>
    public int BytesSearched;
}

/// <summary>Cuts a stream of bytes into payloads, in place. One for all connections of a source; keeps nothing itself.</summary>
/// <remarks>The outcome depends on the bytes alone, never on how the network cut them into reads.</remarks>
internal abstract class FrameSlicer(int payloadBytesMax)
{
    /// <summary>No slicer leaves more unsliced bytes than the payload limit and this.</summary>
    public const int OverheadBytesMax = 16;

    /// <summary>Longest payload let through.</summary>
    public int PayloadBytesMax { get; } = payloadBytesMax;

    /// <summary>Makes the slicer for a framing.</summary>
    public static FrameSlicer Create(Framing framing, int payloadBytesMax) => framing switch
    {
        Framing.LengthPrefixed => new LengthPrefixedSlicer(payloadBytesMax),
        Framing.Newline => new NewlineSlicer(payloadBytesMax),
        Framing.OctetCounted => new OctetCountedSlicer(payloadBytesMax),
        _ => throw new ArgumentOutOfRangeException(nameof(framing), framing, "no such framing"),
    };

    /// <summary>Looks at the front of the bytes and takes off one frame, if it is whole. Never throws.</summary>
    public abstract SliceResult Next(ref FrameCursor cursor, ref SliceState state);

    /// <summary>
    /// True when these bytes only make a frame longer that has begun and is not whole after them either: then nobody need
    /// look at its front part again. A slicer that always says how many bytes it needs never has to answer.
    /// </summary>
    /// <param name="restBytes">Unsliced bytes so far.</param>
    /// <param name="fresh">What comes behind them.</param>
    /// <param name="state">Brought up to date when the answer is true.</param>
    public virtual bool EndsNothing(int restBytes, ReadOnlySpan<byte> fresh, ref SliceState state) => false;

    /// <summary>The sender has closed in good order: what of the unsliced bytes still counts?</summary>
    /// <returns><see cref="SliceResult.NeedMore"/> when nothing is left to report.</returns>
    public virtual SliceResult Finish(ref FrameCursor cursor, in SliceState state) =>
        cursor.Rest.IsEmpty ? cursor.Wait(1) : cursor.Refuse(RejectReason.CutFrame, close: true);
}
