using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace SensorGateway.TestKit.PlainRules;

/// <summary>
/// Reads rule packs in the plainest way there is: YAML nodes to a loop over compiled .NET regexes. An oracle for tests
/// and the engine of the load test's rival; shares no code with the product on purpose.
/// </summary>
/// <remarks>Patterns go to .NET as written, so it suits packs that keep to what PCRE and .NET share.</remarks>
public static class PlainRulePack
{
    /// <summary>All rules of a file, or of the .yaml files of a folder in ordinal order.</summary>
    public static IReadOnlyList<PlainRule> Load(string path)
    {
        IEnumerable<string> files = Directory.Exists(path) ? Directory.GetFiles(path, "*.yaml")
            .Order(StringComparer.Ordinal) : [path];
        return [.. files.SelectMany(file => Parse(File.ReadAllText(file)))];
    }

    /// <summary>All rules of one YAML text, in its order.</summary>
    public static IEnumerable<PlainRule> Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var rules = (YamlSequenceNode)stream.Documents[0].RootNode["rules"];
        return rules.Select(node => ReadRule((YamlMappingNode)node));
    }

    /// <summary>Escaped text to one character per byte: UTF-8 of the text, with <c>\xHH</c> standing for a byte.</summary>
    public static string Unescape(string text)
    {
        var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        return Regex.Replace(bytes, @"\\x([0-9a-fA-F]{2})|\\", escape => escape.Length == 4
            ? ((char)int.Parse(escape.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .ToString()
            : throw new FormatException($"A backslash that does not begin \\xHH in '{text}'; write \\x5c."));
    }

    private static PlainRule ReadRule(YamlMappingNode rule)
    {
        var examples = Child(rule, "examples") as YamlMappingNode;
        return new PlainRule(
            Text(rule["id"]), Text(rule["severity"]), ReadTerm(rule["match"]), ReadExamples(examples, "match"),
                ReadExamples(examples, "clean"));
    }

    private static List<string> ReadExamples(YamlMappingNode? examples, string key) =>
        examples is not null && Child(examples, key) is YamlSequenceNode list
            ? [.. list.Select(node => Unescape(Text(node)))] : [];

    private static PlainTerm ReadTerm(YamlNode node)
    {
        var term = (YamlMappingNode)node;
        if (Child(term, "any") is YamlSequenceNode any)
        {
            // A group of one is its term: the loop over it then costs what a plain loop over regexes costs.
            return any.Children.Count == 1 ? ReadTerm(any[0]) : new PlainGroup([.. any.Select(ReadTerm)], all: false);
        }

        if (Child(term, "all") is YamlSequenceNode all)
        {
            return new PlainGroup([.. all.Select(ReadTerm)], all: true);
        }

        if (Child(term, "not") is { } not)
        {
            return new PlainNot(ReadTerm(not));
        }

        return Child(term, "literal") is { } literal
            ? new PlainLiteral(Unescape(Text(literal)), Flag(term, "nocase") ?? false)
            : ReadRegex(term);
    }

    private static PlainRegex ReadRegex(YamlMappingNode term)
    {
        var pattern = Text(term["regex"]);
        var nocase = Flag(term, "nocase") ?? false;
        var options = RegexOptions.Compiled | RegexOptions.CultureInvariant | (nocase ? RegexOptions.IgnoreCase
            : RegexOptions.None);
        var guardNocase = Flag(term, "guard_nocase") ?? (nocase || pattern.StartsWith("(?i)",
            StringComparison.Ordinal));
        IEnumerable<YamlNode> guards = Child(term, "guard") switch
        {
            null => [],
            YamlSequenceNode several => several,
            var one => [one],
        };
        return new PlainRegex(new Regex(pattern, options), [.. guards.Select(guard =>
            new PlainLiteral(Unescape(Text(guard)), guardNocase))]);
    }

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var child)
        ? child : null;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? string.Empty;

    private static bool? Flag(YamlMappingNode node, string key) => Child(node, key) is { } flag ? Text(flag) == "true"
        : null;
}
