using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Ndjson;

/// <summary>Reads rules of one JSON object a line, with the fields of the shared corpora.</summary>
internal sealed class NdjsonRules(ProblemLog problems)
{
    private readonly TermBuilder _terms = new(problems, isImported: true);
    private readonly List<Rule> _rules = [];

    /// <returns>The rules that are right; what is wrong with the others is in the log.</returns>
    public IReadOnlyList<Rule> Read(ReadOnlySpan<byte> file)
    {
        var line = 0;
        for (var rest = file.StartsWith("\uFEFF"u8) ? file[3..] : file; !rest.IsEmpty;)
        {
            line++;
            var end = rest.IndexOf((byte)'\n');
            var json = (end < 0 ? rest : rest[..end]).TrimEnd(" \t\r"u8);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!json.IsEmpty)
            {
                ReadLine(line, json);
            }
        }

        if (_rules.Count == 0 && problems.IsEmpty)
        {
            problems.Add(0, 0, "there is no rule in this file", "add one, or take the file out of the configuration");
        }

        return _rules;
    }

    private void ReadLine(int line, ReadOnlySpan<byte> json)
    {
        if (json.Length > RuleLimits.LineBytesMax)
        {
            problems.Add(line, 1, $"this line is longer than {RuleLimits.LineBytesMax >> 20} MiB", "shorten the rule");
            return;
        }

        if (!Utf8.IsValid(json))
        {
            problems.Add(line, 1, "this line is not valid UTF-8", @"save the file as UTF-8; write other bytes as \xHH");
            return;
        }

        var fields = new NdjsonFields(line, problems);
        try
        {
            fields.Read(json);
        }
        catch (JsonException fault)
        {
            var before = json[..(int)Math.Min(fault.BytePositionInLine ?? 0, json.Length)];
            var column = Encoding.UTF8.GetCharCount(before) + 1;
            problems.Add(
                line, column, $"this line is no JSON object: {Plain(fault.Message)}",
                "write one rule a line as {\"id\": …}");
            return;
        }
        catch (InvalidOperationException)
        {
            problems.Add(
                line, 1, @"a text on this line has half a surrogate pair (\ud800 to \udfff alone)",
                "write both halves");
            return;
        }

        if (ToRule(line, fields) is { } rule)
        {
            _rules.Add(rule);
        }
    }

    private Rule? ToRule(int line, NdjsonFields fields)
    {
        var id = fields.Text("id", required: true);
        if (id is { } given && RuleText.IdProblem(given.Value) is { } problem)
        {
            problems.Add(given.Position, problem, RuleText.IdFix);
            id = null;
        }

        var match = ToTerm(fields);
        return id is not null && match is not null
            ? new Rule { Id = id.Value.Value, Title = id.Value.Value, Match = match, Position = problems.At(line, 1) }
            : null;
    }

    private MatchNode? ToTerm(NdjsonFields fields)
    {
        var kind = fields.Text("kind", required: true);
        var pattern = fields.Text("pattern", required: true);
        var noCase = fields.Flag("nocase") ?? false;
        var flags = ToModes(fields.Text("flags", required: false)) | (noCase ? PcreModes.NoCase : PcreModes.None);
        var guards = fields.Texts("guard");
        var guardNoCase = fields.Flag("guard_nocase");
        _terms.Begin(fields.Flag("unsafe") ?? false);
        if (kind is null || pattern is null)
        {
            return null;
        }

        switch (kind.Value.Value)
        {
            case "regex":
                return _terms.Regex(pattern.Value, flags, guards, guardNoCase);
            case "literal" when guards.Count == 0:
                return _terms.Literal(pattern.Value, flags.HasFlag(PcreModes.NoCase));
            case "literal":
                problems.Add(
                    guards[0].Position, "a literal has no guard", "leave the guard out, or make the rule a regex");
                return null;
            default:
                problems.Add(
                    kind.Value.Position, $"unknown kind '{RuleText.Shown(kind.Value.Value)}'",
                    NearestName.Cure(kind.Value.Value, ["regex", "literal"]));
                return null;
        }
    }

    private PcreModes ToModes(WrittenText? flags)
    {
        var modes = PcreModes.None;
        foreach (var letter in flags?.Value ?? "")
        {
            modes |= letter switch
            {
                'i' => PcreModes.NoCase,
                's' => PcreModes.DotAll,
                'm' => PcreModes.MultiLine,
                'x' => PcreModes.Extended,
                _ => Unknown(flags!.Value, letter),
            };
        }

        return modes;
    }

    private PcreModes Unknown(WrittenText flags, char letter)
    {
        problems.Add(
            flags.Position, $"unknown flag '{RuleText.Shown(letter.ToString())}'", "use letters of i, s, m and x");
        return PcreModes.None;
    }

    /// <summary>The first sentence; the rest repeats the place.</summary>
    private static string Plain(string message) => message.Split(". ")[0].TrimEnd('.');
}
