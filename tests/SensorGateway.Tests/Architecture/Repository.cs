using SensorGateway.TestKit;

namespace SensorGateway.Tests.Architecture;

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryFolder.Root;

    public static string Pipeline { get; } = Path.Combine(Root, "services", "SensorGateway.Pipeline");

    /// <summary>All C# files below a folder, without what builds leave behind.</summary>
    public static IEnumerable<string> SourcesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file =>
        {
            var parts = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
            return !parts.Contains("obj") && !parts.Contains("bin");
        });

    public static string NameOf(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');
}
