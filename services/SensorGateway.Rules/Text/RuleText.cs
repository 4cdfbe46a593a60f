using System.Buffers;

namespace SensorGateway.Rules.Text;

/// <summary>Checks that both formats share.</summary>
internal static class RuleText
{
    /// <summary>The cure for a bad id.</summary>
    public const string IdFix = "use letters, digits and . _ - :";

    private static readonly SearchValues<char> IdChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:");

    /// <summary>What is wrong with an id, or null.</summary>
    public static string? IdProblem(string id)
    {
        if (id.Length is 0 or > RuleLimits.IdCharsMax)
        {
            return $"an id has 1 to {RuleLimits.IdCharsMax} characters";
        }

        var odd = id.AsSpan().IndexOfAnyExcept(IdChars);
        return odd < 0 ? null : $"an id has no '{Printable(id[odd])}'";
    }

    /// <summary>What is wrong with a title, author or tag, or null.</summary>
    public static string? LineProblem(string text) => text switch
    {
        "" => "is empty",
        { Length: > RuleLimits.TextCharsMax } => $"is longer than {RuleLimits.TextCharsMax} characters",
        _ => text.Any(char.IsControl) ? "has a line break or control character" : null,
    };

    /// <summary>Does the pattern switch case folding on for all of itself?</summary>
    public static bool FoldsFromTheStart(string pattern)
    {
        if (!pattern.StartsWith("(?", StringComparison.Ordinal))
        {
            return false;
        }

        var letters = pattern.AsSpan(2);
        var end = letters.IndexOfAnyExceptInRange('a', 'z');
        return end > 0 && letters[end] == ')' && letters[..end].Contains('i');
    }

    /// <summary>The text for a message: shortened, without control characters.</summary>
    public static string Shown(string text)
    {
        const int shownMax = 60;
        var head = text.Length > shownMax ? text[..shownMax] + "…" : text;
        return string.Concat(head.Select(Printable));
    }

    private static char Printable(char value) => char.IsControl(value) || char.IsSurrogate(value) ? '?' : value;
}
