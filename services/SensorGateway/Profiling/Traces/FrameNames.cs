using SensorGateway.Pipeline.Detection.Regexes;

namespace SensorGateway.Profiling.Traces;

/// <summary>Method names as .NET's tools write them, made readable; frames of compiled regexes get their rule's name.</summary>
internal static class FrameNames
{
    /// <summary>What the name of a regex's frame begins with.</summary>
    public const string RulePrefix = "rule ";

    private const int NameCharsMax = 200;
    private const string CompiledRegex = "Regex";

    /// <summary>A managed method: namespace, type and name, without parameters.</summary>
    public static string OfManaged(string fullName)
    {
        if (RuleOf(fullName) is { } rule)
        {
            return rule;
        }

        var parameters = fullName.IndexOf('(', StringComparison.Ordinal);
        var name = parameters > 0 ? fullName[..parameters] : fullName;
        return Short(name.Length == 0 ? "unknown" : name);
    }

    /// <summary>A name from elsewhere, cut to a bounded length.</summary>
    public static string Short(string name) => name.Length <= NameCharsMax ? name : name[..NameCharsMax] + "…";

    /// <summary>Rule and step of a compiled regex's method, <c>rule web.xss: scan</c>; null for other methods.</summary>
    /// <remarks>Such a method is called <c>Regex7_Scan_(?#rule:web.xss)…</c>; .NET cuts the pattern at 100 characters.</remarks>
    public static string? RuleOf(string name)
    {
        var mark = name.IndexOf(RegexFrames.Prefix, StringComparison.Ordinal);
        var begin = mark < 0 ? -1 : name.LastIndexOf(CompiledRegex, mark, StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        var id = name[(mark + RegexFrames.Prefix.Length)..];
        var end = id.AsSpan().IndexOfAnyExcept(RegexFrames.IdChars);
        id = end switch
        {
            0 => "?",
            > 0 when id[end] == ')' => id[..end],
            > 0 => id[..end] + "…",
            _ => id + "…",
        };
        return $"{RulePrefix}{Short(id)}: {StepOf(name[begin..mark])}";
    }

    private static string StepOf(string method) => method switch
    {
        _ when method.Contains("TryFindNext", StringComparison.Ordinal) => "find a start",
        _ when method.Contains("TryMatchAt", StringComparison.Ordinal) => "match",
        _ when method.Contains("Scan", StringComparison.Ordinal) => "scan",
        _ => "regex",
    };
}
