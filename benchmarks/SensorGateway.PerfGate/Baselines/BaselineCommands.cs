using SensorGateway.PerfGate.Cli;

namespace SensorGateway.PerfGate.Baselines;

/// <summary><c>validate</c> and <c>trend</c>.</summary>
internal static class BaselineCommands
{
    private const string SchemaFile = "schema.json";

    /// <summary>0 when every file is sound, otherwise 1 and a line for each problem on stderr.</summary>
    public static int Validate(string folder)
    {
        var problems = new List<string>();
        var files = 0;
        foreach (var path in Files(folder))
        {
            problems.AddRange(BaselineRules.Check(path, File.ReadAllText(path), out _));
            files++;
        }

        problems.ForEach(Console.Error.WriteLine);
        Console.WriteLine($"{files} files, {problems.Count} problems");
        return problems.Count == 0 ? 0 : 1;
    }

    /// <summary>Draws all sound files of schema 2; others are named on stderr and left out.</summary>
    public static int Trend(string folder, string output)
    {
        var nights = new List<(string Class, BaselineFile File)>();
        foreach (var path in Files(folder))
        {
            var problems = BaselineRules.Check(path, File.ReadAllText(path), out var file);
            foreach (var problem in problems)
            {
                Console.Error.WriteLine(problem);
            }

            if (file is not null && problems.Count == 0)
            {
                nights.Add((Path.GetFileName(Path.GetDirectoryName(path)!), file));
            }
        }

        File.WriteAllText(output, TrendChart.Draw(nights));
        Console.WriteLine($"{output}: {nights.Count} nights");
        return 0;
    }

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Where(static path => Path.GetFileName(path) != SchemaFile)
            .Order(StringComparer.Ordinal)
        : throw new UsageException($"there is no folder {folder}");
}
