namespace SensorGateway.Rules.Files;

/// <summary>Names of test files: they lie among the rules and are none.</summary>
internal static class TestFiles
{
    /// <summary>What their names end in.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".test.yaml", ".test.yml"];

    /// <summary>True for a test file.</summary>
    public static bool IsOne(string path) =>
        Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
