using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Yaml;

/// <summary>Reads what stands under <c>match:</c>.</summary>
internal sealed class YamlMatch(ProblemLog problems, TermBuilder terms)
{
    private static readonly string[] Operators = ["regex", "literal", "sha256", "any", "all", "not"];
    private static readonly string[] Modifiers = ["nocase", "guard", "guard_nocase", "transform"];
    private static readonly string[] RegexKeys = ["regex", .. Modifiers];
    private static readonly string[] LiteralKeys = ["literal", "nocase", "transform"];

    private readonly TermBuilder _terms = terms;
    private readonly YamlValues _values = new(problems);

    /// <summary>Where a term stands decides whether it may be a <c>not</c>.</summary>
    private enum Place
    {
        Rule,
        Any,
        All,
        Not,
    }

    /// <returns>The condition, or null with a problem noted.</returns>
    public MatchNode? Read(YamlNode node) => Read(node, Place.Rule);

    private MatchNode? Read(YamlNode node, Place place)
    {
        if (node is YamlText { IsNull: true })
        {
            problems.Add(
                node.Position, "this condition has no value", "write { regex: '…' }, or any: or all: and a list");
            return null;
        }

        if (node is not YamlMap map)
        {
            problems.Add(
                node.Position, $"a condition is a map, not a {YamlValues.KindOf(node)}",
                "write it as { regex: '…' }, or any: or all: and a list");
            return null;
        }

        var operators = map.Entries.Where(entry => Operators.Contains(entry.Key.Value)).ToList();
        if (operators.Select(entry => entry.Key.Value).Distinct().Skip(1).Any())
        {
            var second = operators.First(entry => entry.Key.Value != operators[0].Key.Value).Key;
            problems.Add(
                second.Position, $"'{second.Value}' stands beside '{operators[0].Key.Value}'",
                "put each in a list item of its own under any: or all:");
            return null;
        }

        var name = operators.Count > 0 ? operators[0].Key.Value : "";
        var fields = new YamlFields(map, KeysOf(name), problems, key => BelongsTo(key, name));
        switch (name)
        {
            case "regex":
                return ReadRegex(fields);
            case "literal":
                var noCase = _values.Flag(fields["nocase"], "nocase") ?? false;
                var chain = ReadTransforms(fields["transform"]);
                return _values.Text(fields["literal"], "literal") is { } literal
                    && _terms.Literal(literal, noCase) is { } term ? term with { Chain = chain } : null;
            case "sha256":
                return ReadDigests(fields["sha256"]!);
            case "any":
                return ReadList(fields["any"]!, name, Place.Any) is { } any ? new AnyNode(any) : null;
            case "all":
                return ReadAll(fields["all"]!);
            case "not":
                return ReadNot(fields["not"]!, operators[0].Key.Position, place);
            default:
                if (map.Entries.All(entry => Modifiers.Contains(entry.Key.Value)))
                {
                    problems.Add(
                        map.Position, "this condition has no term", $"give it one of {string.Join(", ", Operators)}");
                }

                return null; // Otherwise the misspelt term has been named.
        }
    }

    private static string[] KeysOf(string name) => name switch
    {
        "regex" => RegexKeys,
        "literal" => LiteralKeys,
        "" => [.. Operators, .. Modifiers],
        _ => [name],
    };

    /// <summary>What is wrong with a key that is right beside other terms, or null for one that is right nowhere.</summary>
    private static (string Problem, string Fix)? BelongsTo(string key, string name) => Modifiers.Contains(key)
        ? ($"'{key}' does not go with '{name}'", key is "nocase" or "transform" ? "it belongs to regex or literal" : "it belongs to regex")
        : null;

    private RegexTerm? ReadRegex(YamlFields fields)
    {
        var noCase = _values.Flag(fields["nocase"], "nocase") ?? false;
        var guards = _values.Texts(fields["guard"], "guard");
        var guardNoCase = _values.Flag(fields["guard_nocase"], "guard_nocase");
        var chain = ReadTransforms(fields["transform"]);
        if (fields["guard"] is YamlList { Items: [] } empty)
        {
            problems.Add(
                empty.Position, "'guard' is an empty list", "write a literal that must occur, or leave the key out");
        }
        else if (guardNoCase is not null && fields["guard"] is null)
        {
            problems.Add(
                fields["guard_nocase"]!.Position, "'guard_nocase' has no guard beside it",
                "add a guard, or use nocase for the regex");
        }

        return _values.Text(fields["regex"], "regex") is { } pattern
            && _terms.Regex(pattern, noCase ? PcreModes.NoCase : PcreModes.None, guards, guardNoCase) is { } term
            ? term with { Chain = chain }
            : null;
    }

    private TransformChain ReadTransforms(YamlNode? node)
    {
        var names = _values.Texts(node, "transform");
        var steps = ImmutableArray.CreateBuilder<TransformStep>();
        foreach (var name in names)
        {
            if (TransformChain.StepOf(name.Value) is { } step)
            {
                steps.Add(step);
            }
            else
            {
                problems.Add(
                    name.Position, $"unknown transform '{RuleText.Shown(name.Value)}'",
                    NearestName.Cure(name.Value, TransformChain.StepNames));
            }
        }

        if (node is YamlList { Items: [] })
        {
            problems.Add(node.Position, "'transform' is an empty list", "name a transform, or leave the key out");
        }
        else if (steps.Count > TransformChain.StepsMax)
        {
            problems.Add(
                node!.Position, $"this term has {steps.Count} transforms",
                $"use at most {TransformChain.StepsMax}");
            return TransformChain.None;
        }

        return steps.Count == 0 ? TransformChain.None : new TransformChain(steps.ToImmutable());
    }

    private DigestTerm? ReadDigests(YamlNode node)
    {
        if (node is YamlList { Items: [] })
        {
            problems.Add(node.Position, "'sha256' is an empty list", "write a digest of 64 hexadecimal digits");
            return null;
        }

        var texts = _values.Texts(node, "sha256");
        var digests = texts.Select(_terms.Digest).OfType<ImmutableArray<byte>>().ToImmutableArray();
        return digests.Length > 0 && digests.Length == texts.Count ? new DigestTerm(digests) : null;
    }

    private AllNode? ReadAll(YamlNode node)
    {
        if (ReadList(node, "all", Place.All) is not { } children)
        {
            return null;
        }

        if (!children.All(child => child is NotNode))
        {
            return new AllNode(children);
        }

        problems.Add(node.Position, "this 'all' has only 'not' in it", "add a term that must occur");
        return null;
    }

    private NotNode? ReadNot(YamlNode node, SourcePosition position, Place place)
    {
        if (place != Place.All)
        {
            problems.Add(
                position, "'not' alone would match almost everything",
                "put it in a list under all:, beside a term that must occur");
            return null;
        }

        if (node is YamlList)
        {
            return ReadList(node, "not", Place.Not) is { } list ? new NotNode(new AnyNode(list)) : null;
        }

        return Read(node, Place.Not) is { } child ? new NotNode(child) : null;
    }

    private ImmutableArray<MatchNode>? ReadList(YamlNode node, string name, Place place)
    {
        if (node is not YamlList { Items.Count: > 0 } list)
        {
            var kind = node is YamlList ? "is an empty list" : $"is a list, not a {YamlValues.KindOf(node)}";
            problems.Add(node.Position, $"'{name}' {kind}", "write its conditions as a list, one '- ' each");
            return null;
        }

        var children = list.Items.Select(item => Read(item, place)).ToList();
        return children.Contains(null) ? null : [.. children.Select(child => child!)];
    }
}
