using System.Buffers;
using System.Buffers.Text;
using SensorGateway.Traffic;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>Finds the number that the sender put into a payload in the alert that came of it.</summary>
/// <remarks>Owner: one thread; it decodes into its own scratch.</remarks>
internal sealed class MarkerFinder
{
    private readonly byte[] _decoded = new byte[64 * 1024];

    private static ReadOnlySpan<byte> Base64Key => "\"base64\":\""u8;

    /// <summary>Looks in the text of the alert, then in its base64 payload if it has one.</summary>
    public bool TryFind(ReadOnlySpan<byte> alert, out long number) =>
        TryFindPlain(alert, out number) || TryFindDecoded(alert, out number);

    private static bool TryFindPlain(ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        var at = bytes.IndexOf(TrafficMarker.Prefix);
        if (at < 0 || bytes.Length - at < TrafficMarker.Bytes)
        {
            return false;
        }

        var digits = bytes.Slice(at + TrafficMarker.Prefix.Length, TrafficMarker.Digits);
        return Utf8Parser.TryParse(digits, out number, out var used) && used == TrafficMarker.Digits && number >= 0;
    }

    private bool TryFindDecoded(ReadOnlySpan<byte> alert, out long number)
    {
        number = 0;
        var at = alert.IndexOf(Base64Key);
        if (at < 0)
        {
            return false;
        }

        var encoded = alert[(at + Base64Key.Length)..];
        var end = encoded.IndexOf((byte)'"');
        return end >= 0
            && Base64.DecodeFromUtf8(encoded[..end], _decoded, out _, out var length) == OperationStatus.Done
            && TryFindPlain(_decoded.AsSpan(0, length), out number);
    }
}
