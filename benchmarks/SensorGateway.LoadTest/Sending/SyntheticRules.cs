using System.Globalization;
using System.Text;

namespace SensorGateway.LoadTest.Sending;

/// <summary>
/// A rule set of any size for comparing gateways: attack patterns and domains of known-bad hosts, about half of them
/// without case. Only the last one ever hits, which is the worst case for a program that tries one after the other.
/// </summary>
internal static class SyntheticRules
{
    /// <summary>What the last rule looks for; four digits follow.</summary>
    public const string HitText = "EVIL-MARK-";

    private static readonly string[] WebPatterns =
    [
        @"<script[^>]{0,40}>probe#", @"union\s+(?:all\s+)?select\s+col#", @"(?:\.\./){2,8}etc/file#",
        @";\s*(?:cat|wget|curl)\s+/tmp/x#",
        @"\$\{jndi:(?:ldap|rmi)://h#", @"onerror\s*=\s*['""]?alert\(#", @"cmd=(?:exec|system)_#\(",
        @"\{\{\s*#\s*\*\s*\d+\s*\}\}",
        @"<!ENTITY\s+\w+\s+SYSTEM\s+.file#", @"/(?:wp-admin|phpmyadmin)/setup#\.php",
    ];

    private static readonly string[] DomainWords =
        ["update", "cdn", "mail", "login", "secure", "static", "news", "cloud"];

    /// <summary>A rule file with <paramref name="count"/> rules; the one that hits is last by place and by id.</summary>
    public static string Yaml(int count)
    {
        var yaml = new StringBuilder("rules:\n");
        for (var i = 0; i < count - 1; i++)
        {
            var pattern = i % 2 == 0 ? Web(i) : Domain(i);
            Append(yaml, $"syn.{i:D5}", i % 4 < 2 ? pattern : "(?i)" + pattern, "medium");
        }

        Append(yaml, "zz.hit", HitText + "[0-9]{4}", "high");
        return yaml.ToString();
    }

    private static string Web(int i) =>
        WebPatterns[i / 2 % WebPatterns.Length].Replace("#", (i + 1000).ToString(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);

    private static string Domain(int i) =>
        $@"(?:{DomainWords[i / 2 % DomainWords.Length]}|ns)-?{i + 1000}\.(?:bad|evil)[a-z0-9-]*\.example";

    private static void Append(StringBuilder yaml, string id, string pattern, string severity) => yaml.Append(
        CultureInfo.InvariantCulture,
        $"  - id: {id}\n    title: Synthetic {id}\n    severity: {severity}\n    match:\n      any:\n        - regex: '{pattern.Replace("'", "''", StringComparison.Ordinal)}'\n");
}
