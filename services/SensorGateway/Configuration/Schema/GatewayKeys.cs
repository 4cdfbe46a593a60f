using System.Collections.Immutable;
using SensorGateway.Configuration.Values;
using static SensorGateway.Configuration.Schema.Sizes;

namespace SensorGateway.Configuration.Schema;

/// <summary>Sizes and times for the tables of keys.</summary>
internal static class Sizes
{
    public const long KiB = 1L << 10;
    public const long MiB = 1L << 20;
    public const long GiB = 1L << 30;

    public static DurationKind Duration(TimeSpan min, TimeSpan max) => new(min, max);

    public static SizeKind Size(long min, long max) => new(min, max);
}

/// <summary>Keys about the process as a whole.</summary>
internal static class GatewayKeys
{
    public static ImmutableArray<ConfigKey> All { get; } =
    [
        new("gateway.name", new TextKind("a name", 64, Texts.CheckGatewayName), "Stands in every alert and begins its id.")
        {
            DefaultNote = "the host name",
        },
        new("profile", new ChoiceKind([.. ConfigProfiles.Names]), "A named set of defaults; any key given elsewhere goes before it.")
        {
            Default = ConfigProfiles.Balanced,
        },
        new("threads.pinning", new PinningKind(), "Which CPUs the threads on a payload's way are pinned to.") { Default = "auto" },
        new("threads.wait", new ChoiceKind(["park", "spin"]), "What a thread without work does; spin is for CPUs that nothing else uses.")
        {
            Default = "park",
        },
        new("ring.slots", new IntegerKind(64, 1_048_576), "Payloads of up to 1 KiB that can wait for detection, per worker.") { Default = "4096" },
        new("ring.overflow", Size(64 * KiB, GiB), "Further room in the same ring for larger payloads.") { Default = "16MiB" },
    ];
}
