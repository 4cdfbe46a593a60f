using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Testing;

/// <summary>Reads test files: <c>*.test.yaml</c> in the folders of the rules, and beside rule files named one by one.</summary>
public static class RuleTestLoader
{
    /// <summary>True for the name of a test file.</summary>
    public static bool IsTestFile(string path) => TestFiles.IsOne(path);

    /// <param name="rulePaths">The paths that the rules are loaded from: files, folders and globs.</param>
    /// <param name="rules">What was loaded from them; tests may name only these.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    public static RuleTestLoadResult Load(IEnumerable<string> rulePaths, RuleSet rules, string baseDirectory)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var folder = Path.GetFullPath(baseDirectory);
        var known = rules.Rules.Select(rule => rule.Id).Concat(rules.HashLists.Select(list => "ioc." + list.Name))
            .ToHashSet(StringComparer.Ordinal);
        var tests = ImmutableArray.CreateBuilder<RuleTest>();
        var problems = ImmutableArray.CreateBuilder<RuleProblem>();
        foreach (var file in new PathExpansion(folder, TestFiles.Extensions).ExpandTests(rulePaths))
        {
            var log = new ProblemLog(file.Display);
            var found = file.TryRead(RuleLimits.RuleFileBytesMax, log) is { } bytes
                ? new YamlTests(log, file.FullPath).Read(bytes)
                : [];
            foreach (var mentioned in found.SelectMany(test => test.Mentioned).Where(rule => !known.Contains(rule.Id)))
            {
                log.Add(
                    mentioned.Position, $"there is no rule '{RuleText.Shown(mentioned.Id)}'",
                    NearestName.Cure(mentioned.Id, known, "correct the id, or load the rule's file too"));
            }

            tests.AddRange(found);
            problems.AddRange(log.All());
        }

        return new RuleTestLoadResult(tests.ToImmutable(), problems.ToImmutable());
    }
}
