using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SensorGateway.TestKit.Workflows;

/// <summary>One <c>run:</c> of a workflow.</summary>
/// <param name="Place">Job and step, for messages.</param>
/// <param name="Script">The text, expressions included.</param>
public sealed record RunScript(string Place, string Script);

/// <summary>
/// Checks a GitHub workflow without asking GitHub: known keys, pinned actions, references that exist, scripts that are in
/// the repository. What GitHub alone knows (whether an action takes an input) stays unchecked.
/// </summary>
public sealed partial class WorkflowLint
{
    private static readonly string[] TopKeys = ["name", "run-name", "on", "permissions", "concurrency", "env", "defaults", "jobs"];
    private static readonly string[] JobKeys =
    [
        "name", "runs-on", "needs", "if", "permissions", "timeout-minutes", "strategy", "env", "steps", "outputs", "services",
        "container", "concurrency", "defaults", "continue-on-error",
    ];

    private static readonly string[] StepKeys =
        ["name", "id", "if", "uses", "with", "run", "env", "shell", "working-directory", "continue-on-error", "timeout-minutes"];

    private static readonly string[] Events =
        ["push", "pull_request", "schedule", "workflow_dispatch", "workflow_call", "release", "merge_group"];

    private static readonly string[] Runners = ["ubuntu-24.04", "ubuntu-22.04", "ubuntu-24.04-arm"];

    private readonly string _root;
    private readonly List<string> _problems = [];
    private readonly List<RunScript> _scripts = [];

    private WorkflowLint(string root) => _root = root;

    /// <summary>Everything that is wrong, each with its place; empty for a sound workflow.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>All scripts of all steps.</summary>
    public IReadOnlyList<RunScript> Scripts => _scripts;

    /// <summary>Checks a workflow's text.</summary>
    /// <param name="yaml">The file's content.</param>
    /// <param name="root">The repository's folder.</param>
    public static WorkflowLint Check(string yaml, string root)
    {
        var lint = new WorkflowLint(root);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is [{ RootNode: YamlMappingNode top }])
            {
                lint.CheckTop(top);
            }
            else
            {
                lint._problems.Add("the file is not one mapping");
            }
        }
        catch (YamlException fault)
        {
            lint._problems.Add($"line {fault.Start.Line}: {fault.Message}");
        }

        return lint;
    }

    private void CheckTop(YamlMappingNode top)
    {
        CheckKeys("workflow", top, TopKeys, ["name", "on", "permissions", "jobs"]);
        var inputs = CheckEvents(top);
        if (Child(top, "jobs") is not YamlMappingNode jobs)
        {
            _problems.Add("workflow: jobs is no mapping");
            return;
        }

        var names = jobs.Children.Keys.Select(Text).ToList();
        foreach (var (key, value) in jobs.Children)
        {
            if (value is YamlMappingNode job)
            {
                CheckJob(Text(key), job, names, inputs);
            }
            else
            {
                _problems.Add($"{Text(key)}: a job is a mapping");
            }
        }
    }

    /// <summary>Returns the names of the inputs that a caller may give.</summary>
    private List<string> CheckEvents(YamlMappingNode top)
    {
        var events = Child(top, "on") switch
        {
            YamlMappingNode map => map.Children.Keys.Select(Text),
            YamlSequenceNode list => list.Children.Select(Text),
            YamlScalarNode one => [Text(one)],
            _ => [],
        };
        _problems.AddRange(events.Except(Events).Select(static name => $"on: {name} is no event that this repository uses"));
        foreach (var schedule in Items(Child(Child(top, "on"), "schedule")))
        {
            if (Child(schedule, "cron") is not YamlScalarNode cron || Text(cron).Split(' ').Length != 5)
            {
                _problems.Add("on.schedule: a cron has five fields");
            }
        }

        return [.. Keys(Child(Child(Child(top, "on"), "workflow_dispatch"), "inputs"))];
    }

    private void CheckJob(string name, YamlMappingNode job, List<string> jobs, List<string> inputs)
    {
        CheckKeys(name, job, JobKeys, ["runs-on", "timeout-minutes", "steps"]);
        if (Child(job, "runs-on") is YamlScalarNode runner && !Runners.Contains(Text(runner)))
        {
            _problems.Add($"{name}: runs-on {Text(runner)} is none of {string.Join(", ", Runners)}");
        }

        var needs = Child(job, "needs") is YamlScalarNode one ? [Text(one)] : Items(Child(job, "needs")).Select(Text).ToList();
        _problems.AddRange(needs.Where(need => need == name || !jobs.Contains(need)).Select(need => $"{name}: needs {need}, which is no other job"));

        var ids = new List<string>();
        var place = 0;
        foreach (var item in Items(Child(job, "steps")))
        {
            place++;
            var title = $"{name}, step {place}";
            if (item is not YamlMappingNode step)
            {
                _problems.Add($"{title}: a step is a mapping");
                continue;
            }

            CheckStep(title, step);
            CheckExpressions(title, step, new Names(ids, needs, inputs, [.. Keys(Child(Child(job, "strategy"), "matrix"))]));
            if (Child(step, "id") is { } id)
            {
                ids.Add(Text(id));
            }
        }

        if (place == 0)
        {
            _problems.Add($"{name}: has no steps");
        }

        // Whatever a job says outside its steps may use all of them, as outputs do.
        var rest = new YamlMappingNode(job.Children.Where(static pair => Text(pair.Key) != "steps"));
        CheckExpressions(name, rest, new Names(ids, needs, inputs, [.. Keys(Child(Child(job, "strategy"), "matrix"))]));
    }

    private void CheckStep(string place, YamlMappingNode step)
    {
        CheckKeys(place, step, StepKeys, []);
        var (uses, run) = (Child(step, "uses"), Child(step, "run"));
        if (uses is null == run is null)
        {
            _problems.Add($"{place}: a step has either uses or run");
        }

        if (uses is not null && !PinnedAction().IsMatch(Text(uses)))
        {
            _problems.Add($"{place}: uses {Text(uses)} is not pinned; write OWNER/NAME@vN or a full commit");
        }

        if (run is not null)
        {
            _scripts.Add(new RunScript(place, Text(run)));
            foreach (Match path in ScriptPath().Matches(Text(run)))
            {
                CheckPath(place, path.Value);
            }
        }
    }

    private void CheckPath(string place, string path)
    {
        var folder = Path.Combine(_root, Path.GetDirectoryName(path) ?? "");
        if (!Directory.Exists(folder) || Directory.GetFileSystemEntries(folder, Path.GetFileName(path)).Length == 0)
        {
            _problems.Add($"{place}: {path} is not in the repository");
        }
    }

    private void CheckExpressions(string place, YamlNode node, Names names)
    {
        foreach (var text in node.AllNodes.OfType<YamlScalarNode>().Select(Text))
        {
            if (text.Split("${{").Length != text.Split("}}").Length)
            {
                _problems.Add($"{place}: an expression is not closed");
            }

            foreach (Match reference in Reference().Matches(text))
            {
                var (context, name) = (reference.Groups["context"].Value, reference.Groups["name"].Value);
                var known = context switch { "steps" => names.Steps, "needs" => names.Needs, "inputs" => names.Inputs, _ => names.Matrix };
                if (!known.Contains(name))
                {
                    _problems.Add($"{place}: {context}.{name} does not exist there");
                }
            }
        }
    }

    private void CheckKeys(string place, YamlMappingNode node, string[] known, string[] required)
    {
        var keys = node.Children.Keys.Select(Text).ToList();
        _problems.AddRange(keys.Except(known).Select(key => $"{place}: {key} is no key that belongs here"));
        _problems.AddRange(required.Except(keys).Select(key => $"{place}: {key} is missing"));
    }

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode list ? list.Children : [];

    private static IEnumerable<string> Keys(YamlNode? node) => node is YamlMappingNode map ? map.Children.Keys.Select(Text) : [];

    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@(v\d+(\.\d+){0,2}|[0-9a-f]{40})$")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"(?<=^|\s|=)(?:\./)?[\w.-]+(?:/[\w.*-]+)*(?:\.sh|\.sln|/run)(?=\s|$)")]
    private static partial Regex ScriptPath();

    [GeneratedRegex(@"\b(?<context>steps|needs|inputs|matrix)\.(?<name>[\w-]+)(?=[^'""]*\}\}|[^}]*\}\}|[^}]*$)")]
    private static partial Regex Reference();

    private sealed record Names(List<string> Steps, List<string> Needs, List<string> Inputs, List<string> Matrix);
}
