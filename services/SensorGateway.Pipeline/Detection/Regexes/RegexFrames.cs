using System.Buffers;

namespace SensorGateway.Pipeline.Detection.Regexes;

/// <summary>Makes profiles show which rule a compiled regex belongs to.</summary>
/// <remarks>
/// The methods of compiled regexes are called Regex0_Scan, Regex1_Scan and so on. Asked by an environment variable, .NET
/// appends the first 100 characters of the pattern, and a pattern may begin with a comment.
/// </remarks>
public static class RegexFrames
{
    /// <summary>What stands before the rule's id in the name of a frame; a bracket stands behind it.</summary>
    public const string Prefix = "(?#rule:";

    /// <summary>What a rule's id is made of.</summary>
    public static readonly SearchValues<char> IdChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:");

    private const string Switch = "DOTNET_SYSTEM_TEXT_REGULAREXPRESSIONS_PATTERNINNAME";

    /// <summary>Asks .NET for it; call before any regex of the process is compiled. A value set outside stays.</summary>
    public static void Enable()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null)
        {
            Environment.SetEnvironmentVariable(Switch, "1");
        }
    }

    /// <summary>The same pattern with the rule's id in front.</summary>
    internal static string Mark(string ruleId, string pattern) => $"{Prefix}{ruleId}){pattern}";
}
