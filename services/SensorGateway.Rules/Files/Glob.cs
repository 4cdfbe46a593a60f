using System.IO.Enumeration;

namespace SensorGateway.Rules.Files;

/// <summary>Finds files below a folder by segments with <c>*</c>, <c>?</c> and <c>**</c>; hidden names only when asked for.</summary>
internal sealed class Glob(string root, Action<string> refuseLink)
{
    private readonly string _realRoot = RealPath(root);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);

    /// <summary>True for a path with a wildcard in it.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <param name="segments">Path segments below the root; <c>**</c> stands for any folders, none too.</param>
    /// <returns>Full paths in ordinal order.</returns>
    public IReadOnlyCollection<string> Find(ReadOnlySpan<string> segments)
    {
        if (Directory.Exists(root))
        {
            Descend(root, segments);
        }

        return _found;
    }

    private void Descend(string folder, ReadOnlySpan<string> segments)
    {
        var segment = segments[0];
        var rest = segments[1..];
        if (segment == "**")
        {
            Descend(folder, rest.IsEmpty ? ["*"] : rest);
        }

        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (Fits(entry.Name, segment) && !LeadsOut(entry))
            {
                Take(entry, segment, segments, rest);
            }
        }
    }

    private void Take(FileSystemInfo entry, string segment, ReadOnlySpan<string> segments, ReadOnlySpan<string> rest)
    {
        if (entry is DirectoryInfo)
        {
            // A linked folder inside the root is found under its own name; following it could run in circles.
            var next = segment == "**" ? segments : rest;
            if (!next.IsEmpty && entry.LinkTarget is null)
            {
                Descend(entry.FullName, next);
            }
        }
        else if (rest.IsEmpty && segment != "**")
        {
            _found.Add(entry.FullName);
        }
    }

    private static bool Fits(string name, string segment) =>
        (name[0] != '.' || segment[0] == '.')
        && (segment == "**" || FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: false));

    private bool LeadsOut(FileSystemInfo entry)
    {
        if (entry.LinkTarget is null)
        {
            return false;
        }

        var target = RealPath(entry.FullName);
        var inside = target == _realRoot
            || target.StartsWith(_realRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (!inside && _refused.Add(entry.FullName))
        {
            refuseLink(entry.FullName);
        }

        return !inside;
    }

    /// <summary>The path with every link on the way resolved; a link that leads nowhere is itself.</summary>
    private static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(full));
        var info = Directory.Exists(here) ? (FileSystemInfo)new DirectoryInfo(here) : new FileInfo(here);
        try
        {
            return info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
        }
        catch (IOException)
        {
            return here; // Links in a circle: reading the file will say so.
        }
    }
}
