using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SensorGateway.Configuration.Yaml;

/// <summary>Reads one YAML document into a <see cref="YamlItem"/> tree; problems are collected, never thrown.</summary>
/// <remarks>
/// Built on parser events, not on YamlDotNet's node graph: that one throws at the first duplicate key and follows
/// aliases, and its recursion is as deep as the document says.
/// </remarks>
internal sealed class YamlReader
{
    private const int DepthMax = 16;

    private readonly IParser _parser;
    private readonly string _file;
    private readonly List<ConfigProblem> _problems;

    private YamlReader(IParser parser, string file, List<ConfigProblem> problems)
    {
        _parser = parser;
        _file = file;
        _problems = problems;
    }

    /// <summary>The document's root; null when it is empty or broken. Then the problems say why.</summary>
    public static YamlItem? Read(string text, string file, List<ConfigProblem> problems)
    {
        using var reader = new StringReader(text);
        var scanner = new Scanner(reader);
        try
        {
            return new YamlReader(new Parser(scanner), file, problems).ReadDocument();
        }
        catch (YamlException broken)
        {
            problems.Add(Problem(file, broken.Start, FirstLine(broken.Message)));
            return null;
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // On text that is far from YAML the library also throws InvalidOperationException, EndOfStreamException and
            // others that speak of its own state.
            problems.Add(Problem(file, scanner.CurrentPosition, "a bracket or quote before this place is not closed"));
            return null;
        }
    }

    private static ConfigProblem Problem(string file, in Mark mark, string reason) =>
        PlaceOf(file, mark).Problem("YAML", $"is broken here: {reason}", "check the indentation, quotes and brackets near this place");

    private static string FirstLine(string message)
    {
        var line = message.AsSpan().TrimEnd('.');
        var end = line.IndexOfAny('\r', '\n');
        return (end < 0 ? line : line[..end]).TrimEnd('.').ToString();
    }

    private static Place PlaceOf(string file, in Mark mark) =>
        new(file, Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private YamlItem? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadItem(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Current is null ? _parser.MoveNext() && _parser.Current is DocumentStart : _parser.Current is DocumentStart)
        {
            Report(_parser.Current!, "has a second document here", "keep one document: remove the --- line");
        }

        return root;
    }

    /// <summary>Reads one item; null when it was refused, and then it has been skipped.</summary>
    private YamlItem? ReadItem(int depth)
    {
        var item = _parser.Consume<ParsingEvent>();
        if (item is AnchorAlias)
        {
            Report(item, "uses an alias (*name)", "write the value out");
            return null;
        }

        if (item is NodeEvent { Anchor.IsEmpty: false })
        {
            Report(item, "uses an anchor (&name)", "remove it and write the value out where it is needed");
        }

        if (item is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
        {
            Report(item, $"uses a tag ({tag.Value})", "remove it: the schema knows the types");
        }

        if (item is Scalar scalar)
        {
            return new YamlText(PlaceOf(_file, scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        if (depth == DepthMax)
        {
            Report(item, $"nests deeper than {DepthMax} levels", "no key needs that: look for a stray bracket");
            Skip();
            return null;
        }

        return item is MappingStart ? ReadMap(item, depth) : ReadList(item, depth);
    }

    private YamlMap ReadMap(ParsingEvent start, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            var key = ReadItem(depth + 1);
            var value = ReadItem(depth + 1);
            if (key is not YamlText name)
            {
                if (key is not null)
                {
                    Report(at, "has a list or mapping as a key", "a key is one word before a colon");
                }
            }
            else if (!seen.TryAdd(name.Text, name.Place))
            {
                _problems.Add(name.Place.Problem(
                    Printable.Short(name.Text), $"stands here twice, first in line {seen[name.Text].Line}", "keep one of them"));
            }
            else if (value is not null)
            {
                entries.Add(new YamlEntry(name, value));
            }
        }

        return new YamlMap(PlaceOf(_file, start.Start), entries.ToImmutable());
    }

    private YamlList ReadList(ParsingEvent start, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlItem>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadItem(depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        return new YamlList(PlaceOf(_file, start.Start), items.ToImmutable());
    }

    /// <summary>Passes over the rest of a mapping or sequence whose start was consumed.</summary>
    private void Skip()
    {
        for (var open = 1; open > 0;)
        {
            open += _parser.Consume<ParsingEvent>().NestingIncrease;
        }
    }

    private void Report(ParsingEvent at, string problem, string fix) =>
        _problems.Add(PlaceOf(_file, at.Start).Problem("YAML", problem, fix));
}
