using System.Globalization;

namespace SensorGateway.LoadTest;

/// <summary>What the user asked for; see <see cref="Usage"/>.</summary>
internal sealed record Options
{
    public const string Usage = """
        Sends payloads to a gateway over TCP and times the alerts that come back over NATS.

        usage: SensorGateway.LoadTest [options]
          --gateway-dll PATH     sensor-gateway.dll to run with dotnet     (default: the one beside this program)
          --gateway CMD          command to run instead; 'run -c FILE' is appended
          --set KEY=VALUE        passed on to the gateway; may be repeated
          --rate R[,R...]        payloads a second, or max                 (default 10000)
          --seconds S            measured time of a run                    (default 10)
          --warmup S             unmeasured time before it                 (default 3)
          --alert-ratio R        share of payloads that must alert, 0 to 1 (default 1)
          --size B               payload bytes with synthetic rules        (default 233)
          --rules N|PATH         N synthetic rules, the last one hits; or a rule file or folder, which must hold the
                                 bundled rules: payloads are then mixed sensor traffic  (default 100)
          --connections C        TCP connections                           (default 1)
          --sensors S            different sender addresses                (default 1)
          --rival                runs the crude one-thread program in turn with the gateway; ratios are gateway / rival
          --rival-only           runs only that program
          --reloads N            reloads the gateway's rules N times during the measured part (default 0)
          --profiles             runs the gateway with each of its profiles in turn, side by side; measures it idle too
                                 (rates 1000,100000,max unless --rate tells others)
          --rounds N             runs of each program                      (default 1, with --rival or --profiles 3)
          --steal-max PCT        repeats a round (up to 6 times) in which the hypervisor took more than this of the
                                 CPU time from a run; such rounds are shown and do not count (default: all count)
          --keep-awake           keeps the CPUs from halting (root; /dev/cpu_dma_latency): on a shared host each halt may
                                 cost milliseconds until the hypervisor gives the CPU back
          --meter-cost N         compares N pairs of slices with somebody watching the gateway's meters and nobody
          --nats URL             uses this server                          (default: starts one on a free port)
          --json                 prints one JSON object
          --help

        example: SensorGateway.LoadTest --rate 1000,10000,50000,max --rival --rounds 3 --json
        exit: 0 all alerts came and the books balance; 1 something was lost, out of order or unaccounted; 2 bad usage;
        4 a program did not start
        """;

    public string[] Gateway { get; init; } = [];

    public IReadOnlyList<string> GatewaySettings { get; init; } = [];

    /// <summary>Payloads a second; null is unthrottled.</summary>
    public IReadOnlyList<int?> Rates
    {
        get => field ?? (WithProfiles ? [1000, 100_000, null] : [10_000]);
        init;
    }

    public double Seconds { get; init; } = 10;

    public double WarmupSeconds { get; init; } = 3;

    public double AlertRatio { get; init; } = 1;

    public int PayloadBytes { get; init; } = 233;

    public string Rules { get; init; } = "100";

    public int Connections { get; init; } = 1;

    public int Sensors { get; init; } = 1;

    public bool WithGateway { get; init; } = true;

    public bool WithRival { get; init; }

    /// <summary>All profiles in turn, instead of one gateway.</summary>
    public bool WithProfiles { get; init; }

    public int Reloads { get; init; }

    public int? Rounds { get; init; }

    /// <summary>Whether the CPUs are kept from halting.</summary>
    public bool KeepsAwake { get; init; }

    /// <summary>Percent of CPU time that the host may take in a run that counts; null counts all.</summary>
    public double? StealMax { get; init; }

    /// <summary>Pairs of slices with the meters watched and not, instead of timing alerts.</summary>
    public int? MeterPairs { get; init; }

    public Uri? Nats { get; init; }

    public bool Json { get; init; }

    /// <summary>Where to tell what happens meanwhile: standard output belongs to the JSON object when one is asked for.</summary>
    public TextWriter Progress => Json ? Console.Error : Console.Out;

    /// <summary>Runs of each program.</summary>
    public int RoundCount => Rounds ?? ((WithRival && WithGateway) || WithProfiles ? 3 : 1);

    /// <summary>Number of synthetic rules, or null when <see cref="Rules"/> is a path.</summary>
    public int? SyntheticRuleCount => int.TryParse(Rules, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>Reads the command line; a fault is thrown with what to do about it.</summary>
    public static Options Parse(ReadOnlySpan<string> args)
    {
        var options = new Options();
        while (args.Length > 0)
        {
            var name = args[0];
            args = args[1..];
            options = name switch
            {
                "--rival" => options with { WithRival = true },
                "--rival-only" => options with { WithRival = true, WithGateway = false },
                "--profiles" => options with { WithProfiles = true },
                "--keep-awake" => options with { KeepsAwake = true },
                "--json" => options with { Json = true },
                _ => options.WithValue(name, TakeValue(name, ref args)),
            };
        }

        options.Check();
        return options;
    }

    private static string TakeValue(string name, ref ReadOnlySpan<string> args)
    {
        if (args.Length == 0)
        {
            throw new UsageException($"{name} is unknown or lacks its value; see --help");
        }

        var value = args[0];
        args = args[1..];
        return value;
    }

    private Options WithValue(string name, string value) => name switch
    {
        "--gateway-dll" => this with { Gateway = ["dotnet", Path.GetFullPath(value)] },
        "--gateway" => this with { Gateway = value.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        "--set" => this with { GatewaySettings = [.. GatewaySettings, value] },
        "--rate" => this with { Rates = [.. value.Split(',').Select(rate => Rate(name, rate))] },
        "--seconds" => this with { Seconds = Number(name, value, 0.5, 600) },
        "--warmup" => this with { WarmupSeconds = Number(name, value, 0.1, 60) },
        "--alert-ratio" => this with { AlertRatio = Number(name, value, 0, 1) },
        "--size" => this with { PayloadBytes = (int)Number(name, value, 192, 32 * 1024) },
        "--rules" => this with { Rules = value },
        "--connections" => this with { Connections = (int)Number(name, value, 1, 1024) },
        "--sensors" => this with { Sensors = (int)Number(name, value, 1, 1024) },
        "--reloads" => this with { Reloads = (int)Number(name, value, 0, 1000) },
        "--rounds" => this with { Rounds = (int)Number(name, value, 1, 99) },
        "--steal-max" => this with { StealMax = Number(name, value, 0, 100) },
        "--meter-cost" => this with { MeterPairs = (int)Number(name, value, 1, 1000) },
        "--nats" => this with
        {
            Nats = Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri is { Scheme: "nats", Port: > 0 }
                ? uri
                : throw new UsageException($"--nats {value} is no address; write nats://HOST:PORT"),
        },
        _ => throw new UsageException($"{name} is unknown; see --help"),
    };

    private void Check()
    {
        if (WithRival && Connections > 1)
        {
            throw new UsageException("the rival serves one connection; leave out --connections or --rival");
        }

        if (WithProfiles && (WithRival || MeterPairs is not null))
        {
            throw new UsageException("--profiles compares the gateway with itself; leave out --rival and --meter-cost");
        }

        if (Sensors > Connections)
        {
            throw new UsageException($"a sensor is a connection's address; --sensors {Sensors} needs --connections {Sensors} or more");
        }

        if (SyntheticRuleCount is null ? !Path.Exists(Rules) : SyntheticRuleCount is < 1 or > 20_000)
        {
            throw new UsageException($"--rules {Rules} is neither a number from 1 to 20000 nor an existing path");
        }
    }

    private static int? Rate(string name, string text) => text == "max" ? null : (int)Number(name, text, 1, 5e6);

    private static double Number(string name, string text, double low, double high) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high
            ? value
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"{name} {text} is out of range; use {low} to {high}"));
}

/// <summary>The command line is wrong; the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
