using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources.Slicing;

/// <summary>What a slicer found at the front of the bytes.</summary>
internal enum SliceResult
{
    /// <summary>No whole frame is left; <see cref="FrameCursor.BytesNeeded"/> tells when to ask again.</summary>
    NeedMore,

    /// <summary><see cref="FrameCursor.Payload"/> is the next payload.</summary>
    Frame,

    /// <summary>One payload was refused for <see cref="FrameCursor.Reason"/>; go on slicing.</summary>
    Rejected,

    /// <summary>Refused, and where the next frame begins is unknown: close the connection.</summary>
    Broken,
}

/// <summary>Received bytes on their way through a slicer. Nothing is copied: the payload is a part of them.</summary>
/// <param name="bytes">What was received and not yet sliced, oldest first.</param>
internal ref struct FrameCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes not yet sliced.</summary>
    public ReadOnlySpan<byte> Rest = bytes;

    /// <summary>After <see cref="SliceResult.Frame"/>: 1 to max_payload bytes.</summary>
    public ReadOnlySpan<byte> Payload;

    /// <summary>After <see cref="SliceResult.Rejected"/> and <see cref="SliceResult.Broken"/>.</summary>
    public RejectReason Reason;

    /// <summary>After <see cref="SliceResult.NeedMore"/>: with fewer bytes than this in all, asking again is useless.</summary>
    public int BytesNeeded;

    /// <summary>Takes a frame off the front.</summary>
    public SliceResult Take(int headerBytes, int payloadBytes, int trailerBytes = 0)
    {
        Payload = Rest.Slice(headerBytes, payloadBytes);
        Rest = Rest[(headerBytes + payloadBytes + trailerBytes)..];
        return SliceResult.Frame;
    }

    /// <summary>The frame is not whole yet.</summary>
    public SliceResult Wait(int bytesNeeded)
    {
        BytesNeeded = bytesNeeded;
        return SliceResult.NeedMore;
    }

    /// <summary>Refuses the front; the caller drops what belongs to it.</summary>
    public SliceResult Refuse(RejectReason reason, bool close)
    {
        Reason = reason;
        return close ? SliceResult.Broken : SliceResult.Rejected;
    }
}
