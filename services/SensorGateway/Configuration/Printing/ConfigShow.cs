using SensorGateway.Configuration.Loading;

namespace SensorGateway.Configuration.Printing;

/// <summary>Prints effective values as YAML that loads again, each with its origin as a comment.</summary>
internal static class ConfigShow
{
    private const int OriginColumn = 52;

    /// <summary>Writes every value; secrets are masked unless they are references.</summary>
    public static void Write(ConfigLoadResult loaded, TextWriter output)
    {
        var open = Array.Empty<string>();
        var sourcesWritten = false;
        foreach (var value in loaded.Settings.All)
        {
            // Sources stand between the ring and the rules, as in the sample file.
            if (!sourcesWritten && value.Path.StartsWith("ring.", StringComparison.Ordinal))
            {
                WriteSources(loaded, output);
                sourcesWritten = true;
                open = [];
            }

            var parts = value.Path.Split('.');
            var sections = parts[..^1];
            var shared = sections.Zip(open).TakeWhile(pair => pair.First == pair.Second).Count();
            for (var depth = shared; depth < sections.Length; depth++)
            {
                output.WriteLine($"{Indent(depth)}{sections[depth]}:");
            }

            open = sections;
            WriteLine(output, $"{Indent(sections.Length)}{parts[^1]}: {value.Shown}", value.Origin);
        }
    }

    private static void WriteSources(ConfigLoadResult loaded, TextWriter output)
    {
        output.WriteLine("sources:");
        foreach (var source in loaded.Sources)
        {
            var dash = "  - ";
            foreach (var value in source.All)
            {
                WriteLine(output, $"{dash}{value.Key.Name}: {value.Shown}", value.Origin);
                dash = "    ";
            }
        }
    }

    private static void WriteLine(TextWriter output, string text, string origin) =>
        output.WriteLine($"{text.PadRight(OriginColumn)} # {origin}");

    private static string Indent(int depth) => new(' ', depth * 2);
}
