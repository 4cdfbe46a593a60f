using System.CommandLine;
using System.Text;

namespace SensorGateway.Cli;

/// <summary>Writes a completion script from the verbs themselves; it starts no process while somebody types.</summary>
internal static class BashCompletion
{
    /// <summary>The script: verbs and options where they may stand, files everywhere else.</summary>
    public static string ScriptFor(Command root)
    {
        var paths = PathsBelow(root, "").ToList();
        var script = new StringBuilder();
        script.Append(
            """
            # Completes sensor-gateway in bash. Load it: source <(sensor-gateway completion bash)
            _sensor_gateway() {
                local current="${COMP_WORDS[COMP_CWORD]}" path="" words="" word
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    case "$path/$word" in

            """.ReplaceLineEndings("\n"));
        script.Append($"            {string.Join('|', paths.Where(each => each.Path.Length > 0).Select(each => each.Path))}) path=\"$path/$word\" ;;\n");
        script.Append("        esac\n    done\n    case \"$path\" in\n");
        foreach (var (path, command) in paths)
        {
            script.Append($"        \"{path}\") words=\"{string.Join(' ', WordsOf(command))}\" ;;\n");
        }

        script.Append(
            """
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o bashdefault -o default -F _sensor_gateway sensor-gateway

            """.ReplaceLineEndings("\n"));
        return script.ToString();
    }

    private static IEnumerable<(string Path, Command Command)> PathsBelow(Command command, string path) =>
        command.Subcommands.Where(child => !child.Hidden)
            .SelectMany(child => PathsBelow(child, $"{path}/{child.Name}"))
            .Prepend((path, command));

    private static IEnumerable<string> WordsOf(Command command) =>
    [
        .. command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name),
        .. command.Options.Where(option => !option.Hidden).Select(option => option.Name)
            .Append("--help").Distinct().Order(StringComparer.Ordinal),
    ];
}
