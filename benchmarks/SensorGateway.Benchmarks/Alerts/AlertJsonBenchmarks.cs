using System.Security.Cryptography;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Benchmarks.Detection.Stages;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Alerts;

/// <summary>One alert as JSON, subject included.</summary>
[MemoryDiagnoser]
public class AlertJsonBenchmarks
{
    private static readonly AlertOptions Options = new() { Gateway = "bench" };

    private static readonly AlertEncoder Encoder = new(
        Options,
        SubjectTemplate.TryParse(Options.Subject, Options.Gateway, out _)!,
        new AlertIds(Options.Gateway, 1),
        TimeProvider.System,
        ObjectPool.Create<AlertBuffer>());

    private readonly AlertRule _rule = new("web.xss.script-tag", "Script tag in a request", Severity.High, ["attack.t1059.007"], "bench");
    private readonly Sensor _sensor = new(0, "10.0.0.7", "field-tcp");
    private readonly byte[] _digest = SHA256.HashData(StageRules.Clean);
    private readonly byte[] _binary = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];

    [GlobalSetup]
    public void Check()
    {
        foreach (var payload in (byte[][])[StageRules.Clean, _binary])
        {
            Encode(payload);
            using var json = JsonDocument.Parse(Encoder.Json.ToArray());
            StageRules.Require(json.RootElement.GetProperty("payload").GetProperty("bytes").GetInt32() == payload.Length, "another length");
            StageRules.Require(json.RootElement.GetProperty("rules")[0].GetProperty("id").GetString() == "web.xss.script-tag", "another rule");
        }
    }

    [Benchmark]
    public int Encode_256ByteText() => Encode(StageRules.Clean);

    [Benchmark]
    public int Encode_256ByteBinary() => Encode(_binary);

    private int Encode(byte[] payload)
    {
        Encoder.Begin(_sensor, TimeProvider.System.GetTimestamp(), payload, _digest, 1);
        Encoder.AddRule(_rule, null, 10, 8, payload);
        Encoder.Finish();
        return Encoder.Json.Length;
    }
}
