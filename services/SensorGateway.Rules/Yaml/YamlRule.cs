using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Yaml;

/// <summary>Reads one item under <c>rules:</c>.</summary>
internal sealed class YamlRule
{
    private static readonly string[] Keys = ["id", "title", "severity", "tags", "author", "match", "suppress", "unsafe", "examples"];
    private static readonly string[] Severities = [.. Enum.GetNames<Severity>().Select(name => name.ToLowerInvariant())];

    private readonly ProblemLog _problems;
    private readonly YamlValues _values;
    private readonly YamlMatch _matches;
    private readonly TermBuilder _terms;

    public YamlRule(ProblemLog problems)
    {
        _problems = problems;
        _values = new YamlValues(problems);
        _terms = new TermBuilder(problems, isImported: false);
        _matches = new YamlMatch(problems, _terms);
    }

    /// <returns>The rule, or null when it cannot be made; what is wrong with it is in the log either way.</returns>
    public Rule? Read(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            _problems.Add(node.Position, $"a rule is a map, not a {YamlValues.KindOf(node)}", "start it with '- id: …'");
            return null;
        }

        var fields = new YamlFields(map, Keys, _problems);
        var id = ReadId(fields);
        var match = ReadMatch(fields);
        var rule = new Rule
        {
            Id = id ?? "",
            Title = _values.Line(fields["title"], "title") ?? id ?? "",
            Severity = ReadSeverity(fields["severity"]) ?? Severity.Medium,
            Tags = ReadTags(fields["tags"]),
            Author = _values.Line(fields["author"], "author"),
            Match = match ?? new AnyNode([]),
            SuppressFor = ReadSuppress(fields["suppress"]),
            Examples = ReadExamples(fields["examples"]),
            Position = map.Position,
        };
        return id is null || match is null ? null : rule;
    }

    private MatchNode? ReadMatch(YamlFields fields)
    {
        var isUnsafe = _values.Flag(fields["unsafe"], "unsafe") ?? false;
        _terms.Begin(isUnsafe);
        var match = Required(fields, "match") is { } condition ? _matches.Read(condition) : null;
        if (isUnsafe && match is not null && _terms.UnsafeCount == 0)
        {
            _problems.Warn(
                fields["unsafe"]!.Position, "this rule is marked 'unsafe', but all its regexes are safe",
                "leave the key out");
        }

        return match;
    }

    private YamlNode? Required(YamlFields fields, string name)
    {
        if (fields[name] is null)
        {
            _problems.Add(fields.Map.Position, $"this rule has no '{name}'", $"add '{name}:'");
        }

        return fields[name];
    }

    private string? ReadId(YamlFields fields)
    {
        if (_values.Text(Required(fields, "id"), "id") is not { } id)
        {
            return null;
        }

        if (RuleText.IdProblem(id.Value) is not { } problem)
        {
            return id.Value;
        }

        _problems.Add(id.Position, problem, RuleText.IdFix);
        return null;
    }

    private Severity? ReadSeverity(YamlNode? node)
    {
        if (_values.Text(node, "severity") is not { } text)
        {
            return null;
        }

        var index = Array.IndexOf(Severities, text.Value);
        if (index < 0)
        {
            _problems.Add(
                text.Position, $"unknown severity '{RuleText.Shown(text.Value)}'",
                NearestName.Cure(text.Value, Severities));
        }

        return index < 0 ? null : (Severity)index;
    }

    private ImmutableArray<string> ReadTags(YamlNode? node)
    {
        var items = node is YamlList list ? list.Items : node is null ? [] : [node];
        return [.. items.Select(item => _values.Line(item, "tags")).OfType<string>()];
    }

    private TimeSpan ReadSuppress(YamlNode? node)
    {
        if (_values.Map(node, "suppress") is not { } map)
        {
            return TimeSpan.Zero;
        }

        var fields = new YamlFields(map, ["for"], _problems);
        if (fields["for"] is null)
        {
            _problems.Add(map.Position, "'suppress' has no 'for'", "write suppress: { for: 30s }");
        }

        return _values.Duration(fields["for"], "for") ?? TimeSpan.Zero;
    }

    private RuleExamples ReadExamples(YamlNode? node)
    {
        if (_values.Map(node, "examples") is not { } map)
        {
            return RuleExamples.None;
        }

        var fields = new YamlFields(map, ["match", "clean"], _problems);
        var (match, matchPositions) = ReadPayloads(fields["match"], "match");
        var (clean, cleanPositions) = ReadPayloads(fields["clean"], "clean");
        return new RuleExamples(match, clean) { MatchPositions = matchPositions, CleanPositions = cleanPositions };
    }

    private (ImmutableArray<ImmutableArray<byte>> Payloads, ImmutableArray<SourcePosition> Positions) ReadPayloads(
        YamlNode? node, string name)
    {
        var payloads = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        var positions = ImmutableArray.CreateBuilder<SourcePosition>();
        foreach (var text in _values.Texts(node, name))
        {
            if (_terms.Bytes(text) is { } payload)
            {
                payloads.Add(payload);
                positions.Add(text.Position);
            }
        }

        return (payloads.ToImmutable(), positions.ToImmutable());
    }
}
