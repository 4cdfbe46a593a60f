using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SensorGateway.Configuration.Values;

/// <summary>Writes texts so that YAML and the loader give the same text back.</summary>
internal static partial class YamlQuote
{
    /// <summary>The text plain where that is safe, otherwise in double quotes; <c>${</c> is doubled to <c>$${</c>.</summary>
    public static string Scalar(string text)
    {
        var safe = text.Replace("${", "$${", StringComparison.Ordinal);
        return Plain().IsMatch(safe) && safe is not ("null" or "~") ? safe : Double(safe);
    }

    private static string Double(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                >= ' ' and <= '~' => quoted.Append(character),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
            };
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./]([A-Za-z0-9_./:+@-]*[A-Za-z0-9_./+@-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
