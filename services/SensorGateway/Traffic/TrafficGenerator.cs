using SensorGateway.Traffic.Templates;

namespace SensorGateway.Traffic;

/// <summary>Mixed sensor traffic from a seed: the same seed gives the same bytes on every machine.</summary>
/// <remarks>Owner: one thread. After construction nothing is allocated.</remarks>
public sealed class TrafficGenerator
{
    /// <summary>No payload is longer, a marker included.</summary>
    public const int PayloadBytesMax = 4096;

    /// <summary>No payload is shorter.</summary>
    public const int PayloadBytesMin = 64;

    /// <summary>Share of malicious payloads in traffic as a busy site sees it.</summary>
    public const double DefaultMaliciousRatio = 0.02;

    private readonly PayloadTemplate[] _benign;
    private readonly PayloadTemplate[] _malicious;
    private readonly Random _random;
    private readonly double _maliciousRatio;
    private readonly byte[] _marker = new byte[TrafficMarker.Bytes];

    /// <param name="seed">Fixes every byte that follows.</param>
    /// <param name="maliciousRatio">0 to 1.</param>
    public TrafficGenerator(int seed, double maliciousRatio = DefaultMaliciousRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maliciousRatio);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maliciousRatio, 1);
        var dice = new TemplateDice(seed);
        _benign = TrafficPool.Benign(dice);
        _malicious = TrafficPool.Malicious(dice);
        _random = new Random(seed);
        _maliciousRatio = maliciousRatio;
    }

    /// <summary>Writes the next payload.</summary>
    /// <param name="buffer">At least <see cref="PayloadBytesMax"/> bytes.</param>
    /// <param name="kind">What it is; <see cref="TrafficKinds"/> tells which rules must find it.</param>
    /// <returns>Bytes written.</returns>
    public int Next(Span<byte> buffer, out TrafficKind kind) =>
        Write(Draw(_random.NextDouble() < _maliciousRatio, out kind), buffer, []);

    /// <summary>Writes the next payload with a marker in it, so that its alert can be told from others.</summary>
    /// <param name="buffer">At least <see cref="PayloadBytesMax"/> bytes.</param>
    /// <param name="number">What the marker says, see <see cref="TrafficMarker"/>.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>Bytes written.</returns>
    public int Next(Span<byte> buffer, long number, out TrafficKind kind)
    {
        TrafficMarker.Write(_marker, number);
        return Write(Draw(_random.NextDouble() < _maliciousRatio, out kind), buffer, _marker);
    }

    /// <summary>As the other overload, but the caller says whether the payload is malicious.</summary>
    public int Next(Span<byte> buffer, long number, bool malicious, out TrafficKind kind)
    {
        TrafficMarker.Write(_marker, number);
        return Write(Draw(malicious, out kind), buffer, _marker);
    }

    private PayloadTemplate Draw(bool malicious, out TrafficKind kind)
    {
        var pool = malicious ? _malicious : _benign;
        var template = pool[_random.Next(pool.Length)];
        kind = template.Kind;
        return template;
    }

    private int Write(PayloadTemplate template, Span<byte> buffer, ReadOnlySpan<byte> marker) =>
        template.Write(buffer, _random, marker);
}
