using System.Text.RegularExpressions;

namespace SensorGateway.Configuration.Schema;

/// <summary>What must hold for texts of the configuration; each check answers problem and fix, or null.</summary>
internal static partial class Texts
{
    private static readonly string[] SubjectVariables = ["severity", "sensor", "source", "gateway", "rule"];
    private static readonly string[] SensorVariables = ["peer_ip", "source"];

    public static (string Problem, string Fix)? CheckGatewayName(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? null
            : (
                $"is {Printable.Quote(text)}",
                "use letters, digits, . _ and -, because the name begins the id of every alert");

    public static (string Problem, string Fix)? CheckSourceId(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? null
            : ($"is {Printable.Quote(text)}", "use letters, digits, _ and -");

    public static (string Problem, string Fix)? CheckStream(string text) =>
        text.All(c => c is > ' ' and < (char)0x7F && c is not ('.' or '*' or '>' or '/' or '\\'))
            ? null
            : ($"is {Printable.Quote(text)}", "use the stream's name; it has no dots, wildcards, slashes and spaces");

    public static (string Problem, string Fix)? CheckSensorTemplate(string text) =>
        CheckVariables(text, SensorVariables);

    public static (string Problem, string Fix)? CheckSubject(string text)
    {
        if (text.Any(c => c is '*' or '>'))
        {
            return ("holds a wildcard", "use variables such as {severity}: alerts go to one subject each");
        }

        if (text.Any(c => c <= ' ' || c > '~'))
        {
            return ("holds a space or a character outside ASCII", "use letters, digits, . _ and -");
        }

        if (text.Split('.').Any(token => token.Length == 0))
        {
            return ("has an empty part", "put something before, between and after the dots");
        }

        return text.StartsWith('$')
            ? ("begins with $, which NATS keeps for itself", "begin with a word such as alerts")
            : CheckVariables(text, SubjectVariables);
    }

    private static (string Problem, string Fix)? CheckVariables(string text, string[] known)
    {
        foreach (var name in Variable().Matches(text).Select(match => match.Groups[1].Value))
        {
            if (!known.Contains(name))
            {
                var names = string.Join(' ', known.Select(variable => $"{{{variable}}}"));
                return ($"has the unknown variable {{{Printable.Short(name)}}}", $"use {names}");
            }
        }

        return Variable().Replace(text, "").AsSpan().ContainsAny('{', '}')
            ? ("has a brace without its partner", "write variables as {sensor}")
            : null;
    }

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
