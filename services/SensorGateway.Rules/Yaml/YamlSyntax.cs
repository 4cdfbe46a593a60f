namespace SensorGateway.Rules.Yaml;

/// <summary>Words for what the YAML parser finds wrong.</summary>
internal static class YamlSyntax
{
    public static (string Problem, string Fix) Explain(string message)
    {
        var plain = message.TrimEnd('.');
        var problem = $"this is no YAML: {char.ToLowerInvariant(plain.FirstOrDefault())}{(plain.Length > 0 ? plain[1..] : "")}";
        return (problem, FixOf(plain));
    }

    private static string FixOf(string message)
    {
        if (Mentions(message, "escape") || Mentions(message, "hexadecimal"))
        {
            return @"in double quotes a backslash is YAML's own; put regexes and \xHH in 'single quotes'";
        }

        if (Mentions(message, "end of stream"))
        {
            return "close the quote or bracket that opens here";
        }

        return Mentions(message, "invalid mapping") || Mentions(message, "cannot start")
            ? "put the text in 'single quotes', or correct the indentation"
            : "check quotes, brackets and indentation around here";
    }

    private static bool Mentions(string message, string words) =>
        message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
