using System.Globalization;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Cli;

/// <summary>The command line of <c>compare</c> and <c>statistics</c>.</summary>
internal sealed record GateOptions
{
    public Build? New { get; init; }

    public IReadOnlyList<Build> Old { get; init; } = [];

    /// <summary>Names, or beginnings that end in a star. Empty: all that are judged by default.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    public bool Quick { get; init; }

    public DuetPlan Plan { get; init; } = new();

    /// <summary>As told; null for what <see cref="Quick"/> or the scenario asks.</summary>
    public int? Launches { get; init; }

    /// <summary>The same.</summary>
    public int? Pairs { get; init; }

    public bool Proves { get; init; } = true;

    public double ProofPercent { get; init; } = 15;

    public double InjectNewPercent { get; init; }

    public string? Html { get; init; }

    public string? Markdown { get; init; }

    /// <summary>Folder of perf-baselines to add this run to.</summary>
    public string? Record { get; init; }

    public string GitSha { get; init; } = "";

    public string Note { get; init; } = "";

    /// <summary>Statistics: judged runs of a build against itself.</summary>
    public int SelfRuns { get; init; } = 40;

    /// <summary>Statistics: judged runs for each injected share.</summary>
    public int InjectedRuns { get; init; } = 20;

    /// <summary>Statistics: percent of work injected.</summary>
    public IReadOnlyList<double> Injected { get; init; } = [12, 15, 25];

    /// <summary>Statistics: keeps both CPUs busy now and then.</summary>
    public bool Neighbour { get; init; }

    /// <summary>Statistics: where finished runs are kept, one JSON line each.</summary>
    public string? Log { get; init; }

    /// <summary>Reads the options of a verb.</summary>
    /// <exception cref="UsageException">Something is wrong with them; the message says what to do.</exception>
    public static GateOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new GateOptions();
        while (args.Length > 0)
        {
            var name = args[0];
            args = args[1..];
            switch (name)
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--no-proof":
                    options = options with { Proves = false };
                    break;
                case "--neighbour":
                    options = options with { Neighbour = true };
                    break;
                default:
                    if (args.Length == 0)
                    {
                        throw new UsageException($"{name} is unknown or lacks its value; see --help");
                    }

                    options = options.With(name, args[0]);
                    args = args[1..];
                    break;
            }
        }

        var standard = options.Quick ? options.Plan with { Launches = 3, Pairs = 10 } : options.Plan;
        return options with
        {
            Plan = standard with { Launches = options.Launches ?? standard.Launches, Pairs = options.Pairs ?? standard.Pairs },
        };
    }

    /// <summary>Whether the user wants this scenario.</summary>
    public bool Wants(string name, bool isQuick) => Scenarios.Count > 0
        ? Scenarios.Any(wanted => wanted.EndsWith('*')
            ? name.StartsWith(wanted.TrimEnd('*'), StringComparison.Ordinal)
            : name == wanted)
        : !name.StartsWith("harness.", StringComparison.Ordinal) && (isQuick || !Quick);

    private GateOptions With(string name, string value) => name switch
    {
        "--new" => this with { New = BuildOf(name, value) },
        "--old" => this with { Old = [.. Old, BuildOf(name, value)] },
        "--scenario" => this with { Scenarios = [.. Scenarios, .. value.Split(',', StringSplitOptions.RemoveEmptyEntries)] },
        "--launches" => this with { Launches = Whole(name, value, 1, 99) },
        "--pairs" => this with { Pairs = Whole(name, value, 1, 1000) },
        "--slice-ms" => this with { Plan = Plan with { SliceMilliseconds = Whole(name, value, 1, 60_000) } },
        "--warm-up-ms" => this with { Plan = Plan with { WarmUp = TimeSpan.FromMilliseconds(Whole(name, value, 1, 60_000)) } },
        "--cpu" => this with { Plan = Plan with { Cpu = Whole(name, value, 0, 1023) } },
        "--threshold" => this with { Plan = Plan with { Threshold = Number(name, value, 1.01, 10) } },
        "--proof-inject" => this with { ProofPercent = Number(name, value, 0, 1000) },
        "--inject-new" => this with { InjectNewPercent = Number(name, value, 0, 1000) },
        "--html" => this with { Html = value },
        "--markdown" => this with { Markdown = value },
        "--record" => this with { Record = value },
        "--git-sha" => this with { GitSha = value },
        "--note" => this with { Note = value },
        "--self-runs" => this with { SelfRuns = Whole(name, value, 0, 10_000) },
        "--injected-runs" => this with { InjectedRuns = Whole(name, value, 0, 10_000) },
        "--inject" => this with { Injected = [.. value.Split(',').Select(share => Number(name, share, 1, 1000))] },
        "--log" => this with { Log = value },
        _ => throw new UsageException($"{name} is unknown; see --help"),
    };

    private static Build BuildOf(string name, string value)
    {
        var (title, folder) = value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? (value[..at], value[(at + 1)..])
            : (name.TrimStart('-'), value);
        return Directory.Exists(folder)
            ? new Build(title, Path.GetFullPath(folder))
            : throw new UsageException(
                $"{name} {value}: there is no folder {folder}; name the output folder of a Release build of SensorGateway.Benchmarks");
    }

    private static int Whole(string name, string text, int low, int high) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high
            ? value
            : throw new UsageException($"{name} {text} is out of range; use a whole number from {low} to {high}");

    private static double Number(string name, string text, double low, double high) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high
            ? value
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"{name} {text} is out of range; use {low} to {high}"));
}

/// <summary>The command line is wrong; the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
