using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Hashes;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Ndjson;
using SensorGateway.Rules.Yaml;

namespace SensorGateway.Rules;

/// <summary>What loading gave: a set when nothing is wrong, otherwise every problem of every file.</summary>
public sealed record RuleLoadResult(RuleSet? Rules, ImmutableArray<RuleProblem> Problems)
{
    /// <summary>What authors should know though it keeps no rule from loading.</summary>
    public ImmutableArray<RuleProblem> Warnings { get; init; } = [];
}

/// <summary>Reads rule and hash files into one immutable <see cref="RuleSet"/>.</summary>
public static class RuleLoader
{
    private static readonly string[] RuleExtensions = [".yaml", ".yml", ".ndjson"];

    /// <param name="rulePaths">Files, folders (searched for .yaml, .yml and .ndjson) and globs.</param>
    /// <param name="hashPaths">Files and globs with one SHA-256 a line.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    public static RuleLoadResult Load(IEnumerable<string> rulePaths, IEnumerable<string> hashPaths, string baseDirectory)
    {
        var folder = Path.GetFullPath(baseDirectory);
        var rulePlaces = new PathExpansion(folder, RuleExtensions);
        var ruleFiles = rulePlaces.Expand(rulePaths);
        var hashPlaces = new PathExpansion(folder, []);
        var hashFiles = hashPlaces.Expand(hashPaths);

        var assembly = new RuleAssembly();
        foreach (var file in ruleFiles)
        {
            ReadRules(file, assembly);
        }

        foreach (var file in hashFiles)
        {
            var problems = new ProblemLog(file.Display);
            var list = HashListReader.Read(file, problems);
            assembly.Add(file, list, problems);
        }

        return assembly.Finish([.. rulePlaces.Problems, .. hashPlaces.Problems]);
    }

    private static void ReadRules(SourceFile file, RuleAssembly assembly)
    {
        var problems = new ProblemLog(file.Display);
        if (TestFiles.IsOne(file.FullPath))
        {
            problems.Add(0, 0, "this is a file of tests, not of rules", "name it to the verb test instead");
        }
        else if (!RuleExtensions.Contains(file.Extension))
        {
            problems.Add(0, 0, "this is no rule file", $"use a file ending in {string.Join(", ", RuleExtensions)}");
        }

        IReadOnlyList<Rule> rules = [];
        if (problems.IsEmpty && file.TryRead(RuleLimits.RuleFileBytesMax, problems) is { } bytes)
        {
            rules = file.Extension == ".ndjson"
                ? new NdjsonRules(problems).Read(bytes)
                : new YamlRules(problems).Read(bytes);
        }

        assembly.Add(rules, problems);
    }
}
