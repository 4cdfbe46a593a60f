using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources.Slicing;

/// <summary>One payload a line: a CR before the LF is stripped, empty lines are skipped.</summary>
/// <remarks>An over-long line is refused once and skipped to its LF; the connection goes on.</remarks>
internal sealed class NewlineSlicer(int payloadBytesMax) : FrameSlicer(payloadBytesMax)
{
    private const byte Lf = (byte)'\n';
    private const byte Cr = (byte)'\r';

    /// <inheritdoc/>
    public override SliceResult Next(ref FrameCursor cursor, ref SliceState state)
    {
        while (true)
        {
            var rest = cursor.Rest;
            var found = rest[state.BytesSearched..].IndexOf(Lf);
            if (found < 0)
            {
                return WaitForLf(ref cursor, ref state);
            }

            var lineBytes = state.BytesSearched + found;
            state.BytesSearched = 0;
            if (state.SkipsLine)
            {
                state.SkipsLine = false;
                cursor.Rest = rest[(lineBytes + 1)..];
                continue;
            }

            var payloadBytes = WithoutCr(rest[..lineBytes]);
            if (payloadBytes > PayloadBytesMax)
            {
                cursor.Rest = rest[(lineBytes + 1)..];
                return cursor.Refuse(RejectReason.TooLarge, close: false);
            }

            cursor.Take(0, payloadBytes, lineBytes + 1 - payloadBytes);
            if (payloadBytes > 0)
            {
                return SliceResult.Frame;
            }
        }
    }

    /// <inheritdoc/>
    public override bool EndsNothing(int restBytes, ReadOnlySpan<byte> fresh, ref SliceState state)
    {
        if (restBytes == 0 || restBytes + fresh.Length > PayloadBytesMax || fresh.Contains(Lf))
        {
            return false;
        }

        state.BytesSearched = restBytes + fresh.Length;
        return true;
    }

    /// <inheritdoc/>
    public override SliceResult Finish(ref FrameCursor cursor, in SliceState state)
    {
        // Next has refused longer lines already, so what is left fits.
        var payloadBytes = state.SkipsLine ? 0 : WithoutCr(cursor.Rest);
        return payloadBytes == 0
            ? cursor.Wait(1)
            : cursor.Take(0, payloadBytes, cursor.Rest.Length - payloadBytes);
    }

    private static int WithoutCr(ReadOnlySpan<byte> line) => line.Length - (line.EndsWith(Cr) ? 1 : 0);

    private SliceResult WaitForLf(ref FrameCursor cursor, ref SliceState state)
    {
        if (state.SkipsLine)
        {
            cursor.Rest = [];
            return cursor.Wait(1);
        }

        // One byte above the limit may still be the CR of an end of line.
        if (WithoutCr(cursor.Rest) > PayloadBytesMax)
        {
            cursor.Rest = [];
            state.SkipsLine = true;
            state.BytesSearched = 0;
            return cursor.Refuse(RejectReason.TooLarge, close: false);
        }

        state.BytesSearched = cursor.Rest.Length;
        return cursor.Wait(cursor.Rest.Length + 1);
    }
}
