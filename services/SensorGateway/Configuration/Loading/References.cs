using System.Text;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>Replaces <c>${VAR}</c>, <c>${VAR:-default}</c>, <c>${VAR:?message}</c> and <c>${file:PATH}</c>; <c>$${</c> is a plain <c>${</c>.</summary>
internal sealed class References(ConfigInput input, List<ConfigProblem> problems)
{
    private const int SecretBytesMax = 64 * 1024;
    private const string FilePrefix = "file:";

    /// <summary>The text with every reference replaced, or null and a problem.</summary>
    public string? Replace(string text, Place place, string key)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("$${"))
            {
                result.Append("${");
                at += 3;
            }
            else if (rest.StartsWith("${"))
            {
                var length = rest.IndexOf('}');
                if (length < 0)
                {
                    problems.Add(place.Problem(key, "has ${ without }", "close it, or write $${ for a plain ${"));
                    return null;
                }

                if (Resolve(rest[2..length].ToString(), place, key) is not { } value)
                {
                    return null;
                }

                result.Append(value);
                at += length + 1;
            }
            else
            {
                result.Append(rest[0]);
                at++;
            }
        }

        return result.ToString();
    }

    private string? Resolve(string reference, Place place, string key)
    {
        if (reference.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return ReadFile(reference[FilePrefix.Length..], place, key);
        }

        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? reference : reference[..colon];
        var rule = colon < 0 ? "" : reference[colon..];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || rule is not ("" or [':', '-' or '?', ..]))
        {
            problems.Add(place.Problem(
                key, $"has the reference ${{{Printable.Short(reference)}}}", "use ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH}"));
            return null;
        }

        // Like a shell: with :- and :? an empty variable counts as unset.
        if (input.Environment.TryGetValue(name, out var value) && (value.Length > 0 || rule.Length == 0))
        {
            return value;
        }

        if (rule.StartsWith(":-", StringComparison.Ordinal))
        {
            return rule[2..];
        }

        var reason = rule.Length > 2 ? $": {Printable.Short(rule[2..])}" : "";
        problems.Add(place.Problem(
            key, $"needs the environment variable {name}, which is not set{reason}", $"set {name}, or write ${{{name}:-default}}"));
        return null;
    }

    private string? ReadFile(string path, Place place, string key)
    {
        try
        {
            using var file = new FileStream(Path.Combine(input.BaseDirectory, path), FileMode.Open, FileAccess.Read);
            var bytes = new byte[SecretBytesMax + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > SecretBytesMax)
            {
                problems.Add(place.Problem(key, $"names the file {Printable.Quote(path)}, which is larger than 64KiB", "name a file that holds only the secret"));
                return null;
            }

            return Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(place.Problem(
                key, $"names the file {Printable.Quote(path)}, which cannot be read ({FileFailure.Reason(failure)})", "mend the path or the file's permissions"));
            return null;
        }
    }
}
