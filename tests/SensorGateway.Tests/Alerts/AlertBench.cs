using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Alerts;

/// <summary>An encoder with a clock that stands still, a boot epoch of its own, and sequence 1 for the first alert.</summary>
internal sealed class AlertBench : IDisposable
{
    public const long Epoch = 0x0192f3c1a7;

    public AlertBench(AlertOptions? options = null)
    {
        Options = options ?? new AlertOptions { Gateway = "edge-1" };
        var subject = SubjectTemplate.TryParse(Options.Subject, Options.Gateway, out var problem);
        Encoder = new AlertEncoder(
            Options,
            subject ?? throw new ArgumentException(problem),
            new AlertIds(Options.Gateway, Epoch),
            Time,
            ObjectPool.Create<AlertBuffer>());
    }

    public static AlertRule Xss { get; } =
        new("web.xss.script-tag", "Script tag in a request", Severity.High, ["attack.t1059.007"], "A. Uthor");

    public static AlertRule Plain { get; } = new("log.ssh", "Failed login", Severity.Low, [], null);

    public AlertOptions Options { get; }

    public ManualTime Time { get; } = new();

    public AlertEncoder Encoder { get; }

    public Sensor Sensor { get; init; } = new(0, "10.0.0.7", "field-tcp");

    public string Subject => Encoding.UTF8.GetString(Encoder.Subject);

    public string Json => Encoding.UTF8.GetString(Encoder.Json);

    /// <summary>One alert; each rule with its title, place and length, gravest first.</summary>
    public string Encode(
        ReadOnlySpan<byte> payload, params (AlertRule Rule, string? Title, int Offset, int Length)[] rules)
    {
        Encoder.Begin(Sensor, Time.GetTimestamp(), payload, SHA256.HashData(payload), rules.Length);
        foreach (var (rule, title, offset, length) in rules)
        {
            Encoder.AddRule(rule, title, offset, length, payload);
        }

        Encoder.Finish();
        return Json;
    }

    public void Dispose() => Encoder.Dispose();
}
