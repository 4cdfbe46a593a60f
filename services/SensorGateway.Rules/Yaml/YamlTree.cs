using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SensorGateway.Rules.Yaml;

/// <summary>Builds the tree of one document from parser events; refuses what could make a small file large or deep.</summary>
internal sealed class YamlTree
{
    private const int DepthMax = 32;

    private readonly SteadyParser _events;
    private readonly ProblemLog _problems;

    private YamlTree(string text, ProblemLog problems)
    {
        _events = new SteadyParser(text);
        _problems = problems;
    }

    /// <returns>The root, or null with a problem noted, or with none when the text has no document.</returns>
    public static YamlNode? Read(string text, ProblemLog problems)
    {
        try
        {
            return new YamlTree(text, problems).ReadDocument();
        }
        catch (YamlException fault)
        {
            var (problem, fix) = YamlSyntax.Explain(fault.Message);
            problems.Add((int)fault.Start.Line, (int)fault.Start.Column, problem, fix);
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        _events.Consume<StreamStart>();
        if (!_events.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadNode(1);
        if (root is not null)
        {
            _events.Consume<DocumentEnd>();
            if (_events.Accept<DocumentStart>(out var second))
            {
                _problems.Add(At(second), "a second document starts here", "put all rules under one 'rules:'");
                return null;
            }
        }

        return root;
    }

    /// <returns>Null when the tree is too deep to go on.</returns>
    private YamlNode? ReadNode(int depth)
    {
        if (_events.TryConsume<AnchorAlias>(out var alias))
        {
            _problems.Add(At(alias), "aliases are not supported", "write the value out");
            return new YamlText(At(alias), new WrittenText("", At(alias), false), IsPlain: false);
        }

        if (_events.Current is not NodeEvent node)
        {
            // The library lets some damaged texts through whose events do not balance.
            var here = _events.Current!;
            throw new SyntaxErrorException(here.Start, here.End, "found an end where a value should stand");
        }

        CheckNode(node);
        if (_events.TryConsume<Scalar>(out var scalar))
        {
            return ToText(scalar);
        }

        if (depth > DepthMax)
        {
            _problems.Add(At(_events.Current!), $"this is nested more than {DepthMax} deep", "flatten it");
            return null;
        }

        return _events.TryConsume<SequenceStart>(out var sequence) ? ReadList(sequence, depth) : ReadMap(depth);
    }

    private YamlList? ReadList(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new YamlList(At(start), items);
    }

    private YamlMap? ReadMap(int depth)
    {
        var start = _events.Consume<MappingStart>();
        var entries = new List<(YamlText, YamlNode)>();
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = key is null ? null : ReadNode(depth + 1);
            if (value is null)
            {
                return null;
            }

            if (key is YamlText text)
            {
                entries.Add((text, value));
            }
            else
            {
                _problems.Add(key!.Position, "a key is a list or a map here", "write one word before the ':'");
            }
        }

        return new YamlMap(At(start), entries);
    }

    private void CheckNode(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            _problems.Add(At(node), "anchors are not supported", $"leave '&{RuleText.Shown(node.Anchor.Value)}' out");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _problems.Add(At(node), "tags are not supported", $"leave the '!' out, or put the text in 'single quotes'");
        }
    }

    private YamlText ToText(Scalar scalar)
    {
        var start = At(scalar);
        var isQuoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        var quotes = isQuoted ? 2 : 0;

        // On one line and as long as written: no escape can stand before any character of it.
        var isVerbatim = scalar.Start.Line == scalar.End.Line
            && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + quotes;
        var first = start with { Column = start.Column + (isQuoted ? 1 : 0) };
        return new YamlText(start, new WrittenText(scalar.Value, first, isVerbatim), scalar.Style == ScalarStyle.Plain);
    }

    private SourcePosition At(ParsingEvent e) => _problems.At((int)e.Start.Line, (int)e.Start.Column);
}
