using System.Collections.Immutable;
using SensorGateway.Configuration.Model;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Hosting.Reloading;

/// <summary>What loading a generation gave.</summary>
/// <param name="Program">Null when anything is wrong.</param>
/// <param name="Problems">Everything that is wrong.</param>
/// <param name="Files">The files as they were read.</param>
internal sealed record LoadedGeneration(
    RuleProgram? Program, ImmutableArray<RuleProblem> Problems, RuleFiles Files)
{
    /// <summary>What authors should know though the rules load.</summary>
    public ImmutableArray<RuleProblem> Warnings { get; init; } = [];
}

/// <summary>Reads rule files and hash lists, compiles them, and runs the examples: the same at start and at reload.</summary>
internal static class GenerationLoader
{
    private const int Attempts = 3;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    /// <summary>Loads from files; those that change meanwhile are read again, at most three times. Blocks; slow.</summary>
    /// <param name="rules">Which files.</param>
    /// <param name="baseDirectory">What relative paths start from.</param>
    /// <param name="options">What to compile with.</param>
    /// <param name="meanwhile">Called after each reading, before the files are looked at again: a test's chance to change them.</param>
    public static LoadedGeneration Load(
        RuleConfig rules, string baseDirectory, DetectionOptions options, Action? meanwhile = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = RuleFiles.Read(rules, baseDirectory);
            var loaded = RuleLoader.Load(rules.Paths, rules.Hashes, baseDirectory);
            var (program, problems) = loaded.Rules is { } set ? Prove(set, options) : (null, loaded.Problems);
            meanwhile?.Invoke();
            var changed = before.FirstDifference(RuleFiles.Read(rules, baseDirectory));
            if (changed is null)
            {
                return new LoadedGeneration(program, problems, before) { Warnings = loaded.Warnings };
            }

            if (attempt == Attempts)
            {
                var problem = new RuleProblem(
                    new SourcePosition(changed, 0, 0), "this file changes while it is read",
                    "write it under another name and rename it into place");
                return new LoadedGeneration(null, [problem], before);
            }

            Thread.Sleep(BetweenAttempts);
        }
    }

    /// <summary>Compiles a set and runs its examples; whatever the parser let through must also do that.</summary>
    public static (RuleProgram? Program, ImmutableArray<RuleProblem> Problems) Prove(
        RuleSet rules, DetectionOptions options)
    {
        var program = RuleProgram.Build(rules, options);
        var failures = ExampleRunner.Failures(program, options);
        return failures.IsEmpty ? (program, []) : (null, [.. failures.Select(static failure => failure.ToProblem())]);
    }
}
