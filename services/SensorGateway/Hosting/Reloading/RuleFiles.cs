using System.Collections.Immutable;
using SensorGateway.Configuration.Model;
using SensorGateway.Rules;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Which rule and hash files there are, and how they look from outside: enough to see that one has changed.</summary>
internal sealed class RuleFiles
{
    private readonly ImmutableArray<Stamp> _stamps;

    private RuleFiles(ImmutableArray<Stamp> stamps) => _stamps = stamps;

    /// <summary>Looks now.</summary>
    public static RuleFiles Read(RuleConfig rules, string baseDirectory) =>
        new([.. RuleLoader.Files(rules.Paths, rules.Hashes, baseDirectory).Select(StampOf)]);

    /// <summary>The first file that came, went or changed between the two looks; null when none did.</summary>
    public string? FirstDifference(RuleFiles later)
    {
        var before = _stamps.ToHashSet();
        var after = later._stamps.ToHashSet();
        return after.Except(before).Concat(before.Except(after)).Select(static stamp => stamp.Path).Min(StringComparer.Ordinal);
    }

    private static Stamp StampOf(string path)
    {
        try
        {
            // Of what a link leads to: that is where configuration is swapped by moving a link.
            var file = new FileInfo(path);
            var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return target.Exists ? new Stamp(path, target.Length, target.LastWriteTimeUtc) : new Stamp(path, -1, default);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return new Stamp(path, -1, default);
        }
    }

    private readonly record struct Stamp(string Path, long Bytes, DateTime WrittenAt);
}
