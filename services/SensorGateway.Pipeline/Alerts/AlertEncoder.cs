using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Pipeline.Alerts.Summaries;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>Writes one alert at a time as a line of JSON. Owner: one detection worker.</summary>
/// <remarks>
/// Call <see cref="Begin"/>, then <see cref="AddRule"/> per rule (gravest first, then by id), then <see cref="Finish"/>;
/// the result stays valid until the next <see cref="Begin"/>. Allocates nothing after the first alerts.
/// </remarks>
public sealed class AlertEncoder : IDisposable
{
    internal static readonly JsonEncodedText[] SeverityJson =
        [.. Enum.GetNames<Severity>().Select(static name => JsonEncodedText.Encode(name.ToLowerInvariant()))];

    internal const int SubjectBytesMax = 512;

    private readonly AlertOptions _options;
    private readonly SubjectTemplate _subjectTemplate;
    private readonly AlertIds _ids;
    private readonly AlertClock _clock;
    private readonly AlertMessage _message;
    private readonly ObjectPool<AlertBuffer> _buffers;
    private readonly AlertBuffer _buffer;
    private readonly Utf8JsonWriter _writer;
    private readonly byte[] _subject = new byte[SubjectBytesMax];
    private Sensor? _sensor;
    private AlertRule? _gravest;

    internal AlertEncoder(
        AlertOptions options, SubjectTemplate subject, AlertIds ids, TimeProvider time, ObjectPool<AlertBuffer> buffers)
    {
        _options = options;
        _subjectTemplate = subject;
        _ids = ids;
        _clock = new AlertClock(time);
        _buffers = buffers;
        _buffer = buffers.Get();
        Summaries = new SummaryEncoder(subject, ids, _clock, buffers);
        _message = new AlertMessage
        {
            Id = new Utf8Text(new byte[ids.BytesMax]),
            Time = new Utf8Text(new byte[AlertClock.TextBytes]),
            Sha256 = new Utf8Text(new byte[64]),
            Gateway = new EscapedText(AlertRule.Encode(options.Gateway)),
            Rules = new AlertMatches(options.RulesMax),
            Payload = new AlertPayload(options.PayloadBytesMax),
        };
        _writer = new Utf8JsonWriter(
            _buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>The gravest severity among the added rules.</summary>
    public Severity Severity => _gravest?.Severity ?? Severity.Info;

    /// <summary>The subject; valid after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> Subject => _subject.AsSpan(0, SubjectBytes);

    /// <summary>The message; valid after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> Json => _buffer.Written;

    /// <summary>Writes the summaries of what was held back, with ids of the same sequence.</summary>
    internal SummaryEncoder Summaries { get; }

    private int SubjectBytes { get; set; }

    /// <summary>Starts an alert.</summary>
    /// <param name="sensor">Who sent the payload.</param>
    /// <param name="receivedAtTicks">When, in Stopwatch ticks.</param>
    /// <param name="payload">All of it.</param>
    /// <param name="sha256">32 bytes.</param>
    /// <param name="rulesTotal">How many rules matched.</param>
    public void Begin(
        Sensor sensor, long receivedAtTicks, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> sha256, int rulesTotal)
    {
        _sensor = sensor;
        _gravest = null;
        var id = _message.Id;
        id.Length = _ids.WriteNext(id.Buffer);
        _message.Id = id;
        var time = _message.Time;
        _clock.Write(receivedAtTicks, time.Buffer);
        time.Length = AlertClock.TextBytes;
        _message.Time = time;
        var digest = _message.Sha256;
        Convert.TryToHexStringLower(sha256, digest.Buffer, out var hexBytes);
        digest.Length = hexBytes;
        _message.Sha256 = digest;
        _message.Source = new EscapedText(sensor.SourceJson);
        _message.Sensor = new EscapedText(sensor.IdJson);
        _message.RulesTotal = rulesTotal;
        _message.Rules.Clear();
        _message.Payload.Set(payload);
    }

    /// <summary>False when further rules would only be counted, so that the caller need not look for their places.</summary>
    public bool TakesRules => _message.Rules.Count < _message.Rules.Capacity;

    /// <summary>Adds a rule; those beyond the limit are counted in <c>rules_total</c> alone.</summary>
    /// <param name="rule">What to say of the rule.</param>
    /// <param name="title">In place of the rule's title, such as the label of a hash; or null.</param>
    /// <param name="offset">From 0, or negative when unknown.</param>
    /// <param name="length">Bytes matched.</param>
    /// <param name="bytes">What the offset counts in: the payload, or what a transform made of it.</param>
    /// <param name="transform">Names that transform; null for none. ASCII without need of escapes.</param>
    public void AddRule(
        AlertRule rule, string? title, int offset, int length, ReadOnlySpan<byte> bytes, string? transform = null)
    {
        _gravest ??= rule;
        if (TakesRules)
        {
            _message.Rules.Add(rule, title, offset, length, bytes, transform);
        }
    }

    /// <summary>Writes the message; the payload's share shrinks, then the rules', until it fits.</summary>
    public void Finish()
    {
        _message.Severity = new EscapedText(SeverityJson[(int)Severity]);
        SubjectBytes = _subjectTemplate.Write(_subject, _sensor!, Severity, _gravest is null ? "_"u8 : _gravest.SubjectToken);
        Write();
        while (_buffer.Written.Length > _options.MessageBytesMax)
        {
            if (_message.Payload.ShownBytes > 0)
            {
                _message.Payload.Shrink(_message.Payload.ShownBytes / 2);
            }
            else if (_message.Rules.Count > 0)
            {
                _message.Rules.Truncate(_message.Rules.Count / 2);
            }
            else
            {
                return; // Names alone fill the limit: publishing refuses it, counted.
            }

            Write();
        }
    }

    /// <summary>Gives the buffers back to the pool.</summary>
    public void Dispose()
    {
        Summaries.Dispose();
        _writer.Dispose();
        _buffers.Return(_buffer);
    }

    private void Write()
    {
        _buffer.Clear();
        _writer.Reset(_buffer);
        JsonSerializer.Serialize(_writer, _message, AlertJson.Default.AlertMessage);
        _writer.Flush();
    }
}
