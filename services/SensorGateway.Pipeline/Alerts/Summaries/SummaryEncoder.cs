using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Alerts.Summaries;

/// <summary>Writes what was held back of one rule and sensor as a line of JSON. Owner: one detection worker.</summary>
/// <remarks>
/// Has a buffer of its own, because an alert may wait in the other one. The result stays valid until the next
/// <see cref="Write"/>. Allocates nothing.
/// </remarks>
internal sealed class SummaryEncoder : IDisposable
{
    private readonly SubjectTemplate _subjectTemplate;
    private readonly AlertIds _ids;
    private readonly AlertClock _clock;
    private readonly ObjectPool<AlertBuffer> _buffers;
    private readonly AlertBuffer _buffer;
    private readonly Utf8JsonWriter _writer;
    private readonly SummaryMessage _message;
    private readonly byte[] _subject = new byte[AlertEncoder.SubjectBytesMax];
    private int _subjectBytes;

    public SummaryEncoder(SubjectTemplate subject, AlertIds ids, AlertClock clock, ObjectPool<AlertBuffer> buffers)
    {
        _subjectTemplate = subject;
        _ids = ids;
        _clock = clock;
        _buffers = buffers;
        _buffer = buffers.Get();
        _message = new SummaryMessage
        {
            Id = new Utf8Text(new byte[ids.BytesMax]),
            First = new Utf8Text(new byte[AlertClock.TextBytes]),
            Last = new Utf8Text(new byte[AlertClock.TextBytes]),
        };
        _writer = new Utf8JsonWriter(
            _buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The subject: where an alert of the rule alone would go.</summary>
    public ReadOnlySpan<byte> Subject => _subject.AsSpan(0, _subjectBytes);

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Json => _buffer.Written;

    /// <summary>Writes one summary.</summary>
    /// <param name="sensor">Who sent the payloads.</param>
    /// <param name="rule">What matched them.</param>
    /// <param name="count">How many were held back.</param>
    /// <param name="firstTicks">When the first of them was received, in Stopwatch ticks.</param>
    /// <param name="lastTicks">When the last of them was received, in Stopwatch ticks.</param>
    public void Write(Sensor sensor, AlertRule rule, long count, long firstTicks, long lastTicks)
    {
        var id = _message.Id;
        id.Length = _ids.WriteNext(id.Buffer);
        _message.Id = id;
        _message.Rule = new EscapedText(rule.IdJson);
        _message.Sensor = new EscapedText(sensor.IdJson);
        _message.Count = count;
        _message.Last = Time(_message.Last, lastTicks); // First the later one: the clock may look anew for it, and both agree.
        _message.First = Time(_message.First, firstTicks);
        _subjectBytes = _subjectTemplate.Write(_subject, sensor, rule.Severity, rule.SubjectToken);
        _buffer.Clear();
        _writer.Reset(_buffer);
        JsonSerializer.Serialize(_writer, _message, AlertJson.Default.SummaryMessage);
        _writer.Flush();
    }

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _buffers.Return(_buffer);
    }

    private Utf8Text Time(Utf8Text text, long ticks)
    {
        _clock.Write(ticks, text.Buffer);
        text.Length = AlertClock.TextBytes;
        return text;
    }
}
