using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace SensorGateway.LoadTest.Rival;

/// <summary>Alerts as PUB frames in one growing buffer: the smallest JSON that still says what, who and which bytes.</summary>
internal sealed class AlertWriter
{
    private const int LengthDigits = 6;
    private const int AlertOverheadBytes = 512;
    private const int EscapedBytesMax = 6;

    private static readonly SearchValues<byte> NeedEscape =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private byte[] _buffer = new byte[256 * 1024];
    private int _filled;

    /// <summary>All frames since the last call; valid until the next alert.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var frames = _buffer.AsSpan(0, _filled);
        _filled = 0;
        return frames;
    }

    /// <summary>Adds one alert.</summary>
    public void Add(ReadOnlySpan<byte> ruleId, ReadOnlySpan<byte> payload)
    {
        var worst = AlertOverheadBytes + ruleId.Length + (EscapedBytesMax * payload.Length);
        if (_buffer.Length - _filled < worst)
        {
            Array.Resize(ref _buffer, 2 * (_buffer.Length + worst));
        }

        Append("PUB alerts.high.127_0_0_1 "u8);
        var lengthAt = _filled;
        _filled += LengthDigits;
        Append("\r\n"u8);
        var bodyAt = _filled;
        Append("{\"kind\":\"alert\",\"sensor\":\"127.0.0.1\",\"severity\":\"high\",\"rules\":[{\"id\":\""u8);
        Append(ruleId);
        Append("\"}],\"payload\":{\"bytes\":"u8);
        Utf8Formatter.TryFormat(payload.Length, _buffer.AsSpan(_filled), out var digits);
        _filled += digits;
        AppendPayload(payload);
        Append("}}"u8);
        Utf8Formatter.TryFormat(_filled - bodyAt, _buffer.AsSpan(lengthAt, LengthDigits), out _,
            new StandardFormat('D', LengthDigits));
        Append("\r\n"u8);
    }

    private void AppendPayload(ReadOnlySpan<byte> payload)
    {
        if (Utf8.IsValid(payload))
        {
            Append(",\"text\":\""u8);
            AppendEscaped(payload);
        }
        else
        {
            Append(",\"base64\":\""u8);
            Base64.EncodeToUtf8(payload, _buffer.AsSpan(_filled), out _, out var written);
            _filled += written;
        }

        Append("\""u8);
    }

    private void AppendEscaped(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOfAny(NeedEscape); at >= 0; at = text.IndexOfAny(NeedEscape))
        {
            Append(text[..at]);
            var value = text[at];
            if (value >= 0x20)
            {
                Append([(byte)'\\', value]);
            }
            else
            {
                Append("\\u00"u8);
                Append([HexDigit(value >> 4), HexDigit(value & 15)]);
            }

            text = text[(at + 1)..];
        }

        Append(text);
    }

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value];

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
    }
}
