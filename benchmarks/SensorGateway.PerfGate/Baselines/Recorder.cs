using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using SensorGateway.PerfGate.Duet;
using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.PerfGate.Baselines;

/// <summary>Turns a run of the gate into a baseline file.</summary>
internal static partial class Recorder
{
    /// <summary>Nights kept per environment class; older files go.</summary>
    public const int NightsKept = 90;

    /// <summary>Writes the file and returns its path.</summary>
    public static string Write(
        string folder, GateResult result, CalibrationMessage calibration, string gitSha, string note, DateTime now)
    {
        var file = Make(result, calibration, Describe(), gitSha, note, now);
        var home = Path.Combine(folder, ClassOf(file.Environment));
        Directory.CreateDirectory(home);
        var path = Path.Combine(home, file.Date + ".json");
        File.WriteAllText(path, Compact(JsonSerializer.Serialize(file, BaselineJson.Default.BaselineFile)) + "\n");
        foreach (var old in Directory.GetFiles(home, "????-??-??.json").Order(StringComparer.Ordinal).SkipLast(NightsKept))
        {
            File.Delete(old);
        }

        return path;
    }

    /// <summary>The file's content.</summary>
    public static BaselineFile Make(
        GateResult result, CalibrationMessage calibration, BaselineEnvironment environment, string gitSha, string note, DateTime now) => new()
        {
            Schema = BaselineFile.CurrentSchema,
            Date = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            GitSha = gitSha,
            Note = note,
            Environment = environment,
            Calibration = new BaselineCalibration
            {
                AluP50 = Round(calibration.AluP50),
                ShaP50 = Round(calibration.ShaP50),
                ShaP95 = Round(calibration.ShaP95),
                ClockNs = Round(calibration.ClockNs),
            },
            Verdict = result.Verdict.ToString().ToLowerInvariant(),
            Scenarios =
            [
                .. result.Duets.GroupBy(static duet => duet.Scenario)
                    .OrderBy(static group => group.Key, StringComparer.Ordinal)
                    .Select(group => Scenario(group.Key, [.. group], calibration)),
            ],
        };

    /// <summary>Name of the folder for a machine: what must not be mixed lies apart.</summary>
    public static string ClassOf(BaselineEnvironment environment)
    {
        var cpu = NotSlug().Replace(environment.Cpu.ToLowerInvariant(), "-").Trim('-');
        return $"{environment.Architecture}-{environment.Vcpus}cpu-{cpu}";
    }

    private static BaselineScenario Scenario(string name, DuetResult[] duets, CalibrationMessage calibration)
    {
        var all = new FineHistogram();
        var launches = duets.SelectMany(static duet => duet.Launches).ToList();
        foreach (var launch in launches)
        {
            all.Add(launch.New);
        }

        return new BaselineScenario
        {
            Name = name,
            Samples = all.Count,
            Launches = launches.Count,
            P50 = Round(all.QuantileNs(0.50)),
            P95 = Round(all.QuantileNs(0.95)),
            P99 = Round(all.QuantileNs(0.99)),
            Max = all.MaxNs,
            NormP95 = Math.Round(all.QuantileNs(0.95) / calibration.ShaP95, 4),
            AllocBytesPerOp = launches.Min(static launch => launch.NewBytes),
            Histogram = [.. all.Coarse()],
            Duets =
            [
                .. duets.Select(static duet => new BaselineDuet
                {
                    Against = duet.Old.Name,
                    P50Ratio = Math.Round(duet.P50Ratio, 4),
                    P95Ratio = Math.Round(duet.P95Ratio, 4),
                    PerLaunch = [.. duet.Launches.Select(static launch => Math.Round(launch.P95Ratio, 4))],
                    Complaint = duet.Complaint.ToString().ToLowerInvariant(),
                }),
            ],
        };
    }

    private static BaselineEnvironment Describe() => new()
    {
        Cpu = Field("/proc/cpuinfo", "model name") ?? "unknown",
        Vcpus = Environment.ProcessorCount,
        Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Os = Field("/etc/os-release", "PRETTY_NAME") ?? RuntimeInformation.OSDescription,
        Dotnet = Environment.Version.ToString(),
        Kernel = Line("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.VersionString,
        Load1m = double.TryParse(Line("/proc/loadavg")?.Split(' ')[0], CultureInfo.InvariantCulture, out var load) ? load : 0,
    };

    private static double Round(double ns) => Math.Round(ns, 1);

    /// <summary>Pairs and short lists on one line: a histogram is hundreds of them.</summary>
    private static string Compact(string json) =>
        NumberList().Replace(json, static list => list.Value.Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));

    private static string? Field(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?
            .Split([':', '='], 2)[^1].Trim(' ', '\t', '"')
        : null;

    private static string? Line(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault() : null;

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotSlug();

    [GeneratedRegex(@"\[[-0-9.,\s]+\](,\s*\[[-0-9.,\s]+\])*")]
    private static partial Regex NumberList();
}
