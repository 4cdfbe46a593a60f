using SensorGateway.Rules.Model;

namespace SensorGateway.Rules.Files;

/// <summary>Turns what the user wrote (files, folders, globs) into files, each once, with a problem for each path that gives none.</summary>
/// <param name="baseDirectory">What relative paths start from.</param>
/// <param name="extensions">Which files a folder or glob gives; empty for all.</param>
internal sealed class PathExpansion(string baseDirectory, IReadOnlyCollection<string> extensions)
{
    private readonly List<SourceFile> _files = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public List<RuleProblem> Problems { get; } = [];

    public IReadOnlyList<SourceFile> Expand(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                ExpandOne(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Refuse(path, "this path cannot be searched", $"the system says: {fault.Message.TrimEnd('.')}");
            }
        }

        return _files;
    }

    /// <summary>
    /// The test files among these paths: in folders and globs, beside files named one by one, or named themselves.
    /// </summary>
    /// <remarks>A path without any is no problem: rules need not have tests.</remarks>
    public IReadOnlyList<SourceFile> ExpandTests(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, baseDirectory);
            var test = Path.ChangeExtension(path, null) + extensions.First();
            if (TestFiles.IsOne(path) || Glob.IsPattern(path) || Directory.Exists(full))
            {
                Expand([path]);
            }
            else if (File.Exists(Path.GetFullPath(test, baseDirectory)))
            {
                Expand([test]);
            }
        }

        return _files;
    }

    private void ExpandOne(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            Refuse("(empty path)", "an empty path names no file", "write a file, a folder or a glob");
            return;
        }

        var full = Path.GetFullPath(path, baseDirectory);
        if (Glob.IsPattern(path))
        {
            AddFound(path, full);
        }
        else if (File.Exists(full))
        {
            Add(path, full);
        }
        else if (Directory.Exists(full) && extensions.Count > 0)
        {
            AddFound(path, Path.Combine(full, "**"));
        }
        else
        {
            Refuse(
                path, "there is no such file or folder", $"correct the path; relative ones start at {baseDirectory}");
        }
    }

    private void AddFound(string path, string pattern)
    {
        var segments = pattern.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var fixedCount = Array.FindIndex(segments, Glob.IsPattern);
        var root = Path.DirectorySeparatorChar + Path.Combine(segments[..fixedCount]);
        var glob = new Glob(root, link => Refuse(
            Display(path, link), "this link leads out of its folder",
            "copy the file here, or name its real path in the configuration"));
        var refusedBefore = Problems.Count;
        var found = glob.Find(segments.AsSpan(fixedCount)).Where(IsWanted).ToList();
        found.ForEach(file => Add(Display(path, file), file));
        if (found.Count == 0 && Problems.Count == refusedBefore)
        {
            Refuse(
                path, "no file is found here",
                $"add one{Wanted()}, or correct the path; relative ones start at {baseDirectory}");
        }
    }

    private bool IsWanted(string file) =>
        extensions.Count == 0
        || (extensions.Any(extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            && (ReferenceEquals(extensions, TestFiles.Extensions) || !TestFiles.IsOne(file)));

    private string Wanted() => extensions.Count == 0 ? "" : $" ending in {string.Join(", ", extensions)}";

    private void Add(string display, string full)
    {
        if (_seen.Add(full))
        {
            _files.Add(new SourceFile(display, full));
        }
    }

    private string Display(string path, string full) =>
        Path.IsPathRooted(path) ? full : Path.GetRelativePath(baseDirectory, full);

    private void Refuse(string path, string problem, string fix) =>
        Problems.Add(new RuleProblem(new SourcePosition(path, 0, 0), problem, fix));
}
