using System.Globalization;
using System.Text;
using SensorGateway.Traffic;

namespace SensorGateway.LoadTest.Sending;

/// <summary>Payloads rendered ahead, as frames with their length in front; each use gets its own number.</summary>
internal sealed class PayloadSet
{
    /// <summary>Bytes of the length in front of a payload.</summary>
    public const int LengthBytes = 4;

    private readonly Frame[] _clean;
    private readonly Frame[] _alerts;

    private PayloadSet(Frame[] clean, Frame[] alerts)
    {
        _clean = clean;
        _alerts = alerts;
    }

    /// <summary>Longest frame, its length included.</summary>
    public int FrameBytesMax => Math.Max(_clean.Max(frame => frame.Bytes.Length),
        _alerts.Max(frame => frame.Bytes.Length));

    /// <summary>JSON log events of one size; the alerts hold what the last synthetic rule looks for.</summary>
    public static PayloadSet Events(int payloadBytes)
    {
        const int variants = 64;
        return new PayloadSet(
            [.. Enumerable.Range(0, variants).Select(i => Event(i, payloadBytes, "calm-note-"))],
            [.. Enumerable.Range(0, variants).Select(i => Event(i, payloadBytes, SyntheticRules.HitText))]);
    }

    /// <summary>Mixed sensor traffic; the alerts are what the bundled rules find.</summary>
    public static PayloadSet Mixed(int seed)
    {
        var generator = new TrafficGenerator(seed);
        return new PayloadSet(
            [.. Enumerable.Range(0, 4096).Select(_ => Generated(generator, malicious: false))],
            [.. Enumerable.Range(0, 1024).Select(_ => Generated(generator, malicious: true))]);
    }

    /// <summary>Writes the frame of payload <paramref name="sequence"/> to the head of <paramref name="target"/>.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> target, long sequence, bool alert)
    {
        var frames = alert ? _alerts : _clean;
        var frame = frames[(int)(sequence % frames.Length)];
        frame.Bytes.CopyTo(target);
        TrafficMarker.Write(target[frame.MarkerAt..], sequence);
        return frame.Bytes.Length;
    }

    private static Frame Event(int variant, int payloadBytes, string note)
    {
        string[] paths = ["/api/v1/items", "/search", "/static/app.js", "/login", "/devices/77/state", "/metrics"];
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"ts":"2026-11-20T18:00:{{variant % 60:D2}}.123Z","host":"edge-{{variant:D4}}","app":"proxy","msg":"GET {{paths[variant % paths.Length]}}?page={{variant}} HTTP/1.1 200""");
        var tail = string.Create(CultureInfo.InvariantCulture, $" mk=0000000000 {note}{1000 + variant}\"}}");
        const string filler =
            " Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 upstream=10.1.2.3:8080 rt=0.004 cache=hit";
        var text = new StringBuilder(head);
        while (text.Length + tail.Length < payloadBytes)
        {
            text.Append(filler.AsSpan(0, Math.Min(filler.Length, payloadBytes - text.Length - tail.Length)));
        }

        return Framed(Encoding.ASCII.GetBytes(text.Append(tail).ToString()));
    }

    private static Frame Generated(TrafficGenerator generator, bool malicious)
    {
        var buffer = new byte[TrafficGenerator.PayloadBytesMax];
        return Framed(buffer.AsSpan(0, generator.Next(buffer, 0, malicious, out _)));
    }

    private static Frame Framed(ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[LengthBytes + payload.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)payload.Length);
        payload.CopyTo(bytes.AsSpan(LengthBytes));
        return new Frame(bytes, bytes.AsSpan().IndexOf(TrafficMarker.Prefix));
    }

    private readonly record struct Frame(byte[] Bytes, int MarkerAt);
}
