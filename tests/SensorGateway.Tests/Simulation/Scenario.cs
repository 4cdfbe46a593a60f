using SensorGateway.Nats;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.Tests.Simulation;

/// <summary>What one seed makes of the gateway's options and of the weather it works in.</summary>
internal sealed record Scenario
{
    public const int Connections = 4;

    /// <summary>Smaller than any that can be configured, so that it fills.</summary>
    private const int SmallSpoolBytes = 128 * 1024;

    /// <summary>When a message counts as delivered.</summary>
    public required NatsDelivery Delivery { get; init; }

    /// <summary>Bytes of the spool; 0 for none.</summary>
    public required long SpoolBytes { get; init; }

    public required int Servers { get; init; }

    public required int Workers { get; init; }

    public required Overload Overload { get; init; }

    public required bool Batons { get; init; }

    public required int PayloadRingBytes { get; init; }

    public required int AlertRingBytes { get; init; }

    public required long UnconfirmedBytes { get; init; }

    public required int SocketBytes { get; init; }

    public required int AlertPayloadBytes { get; init; }

    public required TimeSpan BatchWindow { get; init; }

    public required int Steps { get; init; }

    /// <summary>Payloads that a sensor sends in one go, at most.</summary>
    public required int BurstMax { get; init; }

    /// <summary>Of a thousand steps, how many change the weather.</summary>
    public required int FaultsInAThousand { get; init; }

    /// <summary>Restarts may be kills and power cuts.</summary>
    public required bool Dies { get; init; }

    /// <summary>Bits of stored alerts may flip.</summary>
    public required bool DiskRots { get; init; }

    /// <summary>Draws all of it.</summary>
    public static Scenario Of(Random random)
    {
        var spools = random.Next(10) < 6;
        return new Scenario
        {
            Delivery = !spools && random.Next(5) == 0 ? NatsDelivery.Core : NatsDelivery.Fenced,
            SpoolBytes = !spools ? 0 : random.Next(3) == 0 ? SmallSpoolBytes : Pipeline.Spooling.SpoolOptions.BytesMin,
            Servers = random.Next(1, 4),
            Workers = random.Next(1, 3),
            Overload = random.Next(2) == 0 ? Overload.Block : Overload.Drop,
            Batons = random.Next(4) > 0,
            PayloadRingBytes = 8192 << random.Next(3),
            AlertRingBytes = 16_384 << random.Next(3),
            UnconfirmedBytes = 16_384L << random.Next(4),
            SocketBytes = 4096 << random.Next(4),
            AlertPayloadBytes = random.Next(3) == 0 ? 1500 : 100,
            BatchWindow = TimeSpan.FromMilliseconds(random.Next(2)),
            Steps = random.Next(100, 700),
            BurstMax = random.Next(8) == 0 ? 60 : random.Next(2, 12),
            FaultsInAThousand = random.Next(5) == 0 ? 0 : random.Next(5, 80),
            Dies = random.Next(2) == 0,
            DiskRots = random.Next(4) == 0,
        };
    }
}
