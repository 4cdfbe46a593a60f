using System.Collections.Immutable;
using System.Text;
using SensorGateway.Configuration.Model;
using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>What loading gave.</summary>
/// <param name="Config">Null when there is any problem.</param>
/// <param name="Problems">Every problem, in the order of the file.</param>
/// <param name="Settings">Effective values outside sources, broken ones left out.</param>
/// <param name="Sources">Effective values of each source.</param>
internal sealed record ConfigLoadResult(
    GatewayConfig? Config,
    ImmutableArray<ConfigProblem> Problems,
    EffectiveValues Settings,
    ImmutableArray<EffectiveValues> Sources);

/// <summary>Reads a configuration and reports everything that is wrong with it at once.</summary>
internal static class ConfigLoader
{
    private const int FileBytesMax = 1024 * 1024;

    /// <summary>Loads a file with the process's environment variables and these flags on top.</summary>
    public static ConfigLoadResult LoadFile(string path, IReadOnlyList<string> sets)
    {
        if (!TryReadText(path, out var text, out var problem))
        {
            return new ConfigLoadResult(null, [problem], new EffectiveValues(), []);
        }

        return Load(new ConfigInput
        {
            File = path,
            Text = text,
            BaseDirectory = Path.GetDirectoryName(Path.GetFullPath(path))!,
            Environment = ConfigInput.ProcessEnvironment(),
            Sets = sets,
            HostName = Environment.MachineName,
        });
    }

    /// <summary>Loads a configuration from nothing but what is given.</summary>
    public static ConfigLoadResult Load(ConfigInput input)
    {
        var problems = new List<ConfigProblem>();
        var draft = new ConfigDraft();
        var raw = new RawValues(new References(input, problems), problems);
        var root = YamlReader.Read(input.Text, input.File, problems);
        if (root is not null)
        {
            new FileLayer(draft, raw, problems).Read(root);
        }
        else if (problems.Count > 0)
        {
            // Broken YAML: what the keys say is anybody's guess, and so is what is missing.
            return new ConfigLoadResult(null, [.. problems], new EffectiveValues(), []);
        }

        var overrides = new OverrideLayer(draft, raw, problems);
        overrides.ReadEnvironment(input.Environment);
        overrides.ReadFlags(input.Sets);

        var evaluation = new Evaluation(input, draft, problems);
        var settings = evaluation.ReadSettings();
        var sources = draft.Sources.Select(evaluation.ReadSource).ToImmutableArray();
        if (sources.Length == 0)
        {
            problems.Add(new Place(input.File, 1, 1).Problem(
                "sources", "has no entry", "add one, such as - { id: field-tcp, type: tcp, listen: 127.0.0.1:7400 }"));
        }

        new CrossChecks(input, problems).Check(settings, sources);
        var ordered = problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ToImmutableArray();
        var config = ordered.IsEmpty ? ConfigBinder.Bind(input, settings, sources) : null;
        return new ConfigLoadResult(config, ordered, settings, sources);
    }

    private static bool TryReadText(string path, out string text, out ConfigProblem problem)
    {
        text = "";
        problem = default;
        var place = new Place(path, 0, 0);
        try
        {
            var bytes = new byte[FileBytesMax + 1];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > FileBytesMax)
            {
                problem = place.Problem("the file", "is larger than 1MiB", "give the configuration, not data");
                return false;
            }

            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF');
            return true;
        }
        catch (ArgumentException broken) when (broken is DecoderFallbackException)
        {
            problem = place.Problem("the file", "is not UTF-8 text", "save it as UTF-8");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = place.Problem(
                "the file", $"cannot be read ({FileFailure.Reason(failure)})", "name another with -c; a commented sample, gateway.yaml, lies beside the program");
        }

        return false;
    }
}
