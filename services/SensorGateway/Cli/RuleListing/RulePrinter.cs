using System.Globalization;
using SensorGateway.Configuration;

namespace SensorGateway.Cli.RuleListing;

/// <summary>Prints lists of rules for people: one line each, wide columns last.</summary>
internal static class RulePrinter
{
    private const int LiteralsShown = 3;

    public static void Print(CliConsole console, RuleListReport report)
    {
        var width = report.Rules.Select(rule => rule.Id.Length).DefaultIfEmpty().Max();
        foreach (var rule in report.Rules)
        {
            var tags = rule.Tags.Count == 0 ? "" : $"  [{Printable.Short(string.Join(", ", rule.Tags))}]";
            var file = rule.File is null ? "" : Text($"  {Printable.Whole(rule.File)}:{rule.Line}");
            console.Out.WriteLine(
                $"{rule.Id.PadRight(width)}  {rule.Severity,-8}  {rule.Stage,-7}  {Literals(rule.Literals, rule.Stage)}{tags}{file}");
        }

        console.Out.WriteLine(Text($"{report.Rules.Count} rules."));
    }

    public static void Print(CliConsole console, RuleCostReport report)
    {
        var width = report.Rules.Select(rule => rule.Id.Length).Append("rule".Length).Max();
        console.Out.WriteLine($"ns/payload   share        runs   regexes   matches  stage    {"rule".PadRight(width)}  literal");
        foreach (var rule in report.Rules)
        {
            var exploded = rule.Exploded is null ? "" : $"  automaton: {rule.Exploded}";
            console.Out.WriteLine(Text(
                $"{rule.NsPerPayload,10:N1}  {rule.Share,6:P1}  {rule.Runs,10}  {rule.RegexRuns,8}  {rule.Matches,8}  {rule.Stage,-7}  {rule.Id.PadRight(width)}  {Literals(rule.Literals, rule.Stage)}{exploded}"));
        }

        var cut = report.Payloads < report.PayloadsGiven
            ? Text($" of {report.PayloadsGiven}, for which there was no time") : "";
        console.Out.WriteLine(Text(
            $"{report.NsPerPayload:N1} ns/payload for all {report.RulesTotal} rules, on {report.Payloads} payloads{cut}."));
    }

    private static string Literals(IReadOnlyList<string> literals, string stage)
    {
        if (literals.Count == 0)
        {
            return stage == "hash" ? "(digest)" : "(none: runs on every payload)";
        }

        var shown = string.Join(" ", literals.Take(LiteralsShown).Select(literal => $"'{Printable.Short(literal)}'"));
        return literals.Count > LiteralsShown ? Text($"{shown} and {literals.Count - LiteralsShown} more") : shown;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
