using System.Text.Json;
using SensorGateway.PerfGate.Cli;

namespace SensorGateway.PerfGate.Studies;

/// <summary>The runs of a study in a file, one JSON line each; what is there is not measured again.</summary>
internal sealed class StudyLog
{
    private readonly string _path;
    private readonly string _scenario;
    private readonly bool _neighbour;
    private readonly List<StudyRun> _runs = [];

    /// <param name="path">The file; it need not exist.</param>
    /// <param name="scenario">Only runs of this one count as done.</param>
    /// <param name="neighbour">Only runs with, or without, the neighbour count as done.</param>
    /// <exception cref="UsageException">The file holds something else.</exception>
    public StudyLog(string path, string scenario, bool neighbour)
    {
        (_path, _scenario, _neighbour) = (path, scenario, neighbour);
        string[] lines;
        try
        {
            // Before anything is measured: an hour's runs must not end at a folder that is not there.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.AppendAllText(path, "");
            lines = File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--log {path} cannot be used: {failure.Message}");
        }

        for (var i = 0; i < lines.Length; i++)
        {
            try
            {
                _runs.Add(JsonSerializer.Deserialize(lines[i], StudyJson.Default.StudyRun) ?? throw new JsonException());
            }
            catch (JsonException)
            {
                throw new UsageException($"{path}:{i + 1}: this line is no run of a study; remove it, or name another --log");
            }
        }
    }

    /// <summary>All runs in the file, whatever they are of.</summary>
    public IReadOnlyList<StudyRun> Runs => _runs;

    /// <summary>Percent to inject into each run that is still to do, kinds mixed so that a drift of the machine meets all.</summary>
    public IEnumerable<double> Missing(int selfRuns, int injectedRuns, IReadOnlyList<double> injected)
    {
        var left = new List<(double Percent, int Runs, int Of)> { (0, selfRuns - Done(0), selfRuns) };
        left.AddRange(injected.Select(percent => (percent, injectedRuns - Done(percent), injectedRuns)));
        while (left.Exists(static kind => kind.Runs > 0))
        {
            // Whichever kind is furthest behind its share goes next.
            var next = left.IndexOf(left.MaxBy(static kind => kind.Of == 0 ? 0 : (double)kind.Runs / kind.Of));
            yield return left[next].Percent;
            left[next] = left[next] with { Runs = left[next].Runs - 1 };
        }
    }

    /// <summary>Keeps a finished run.</summary>
    public void Add(StudyRun run)
    {
        File.AppendAllText(_path, JsonSerializer.Serialize(run, StudyJson.Default.StudyRun) + "\n");
        _runs.Add(run);
    }

    private int Done(double percent) =>
        _runs.Count(run => run.Scenario == _scenario && run.Neighbour == _neighbour && run.Percent == percent);
}
