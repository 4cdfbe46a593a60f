using System.Globalization;
using SensorGateway.Configuration;

namespace SensorGateway.Cli.Explaining;

/// <summary>Prints an explanation for people.</summary>
internal static class ExplainPrinter
{
    public static void Print(CliConsole console, ExplainReport report)
    {
        var output = console.Out;
        output.WriteLine(Text($"payload    {report.Payload.Bytes} bytes: {report.Payload.Text}"));
        foreach (var rule in report.Matched)
        {
            output.WriteLine(
                $"{console.Color("31", "matched")}    {rule.Id} ({rule.Severity}), decided by {rule.Stage}{Time(rule.Ns)}");
            output.WriteLine(rule.Offset is null
                ? $"           {Printable.Short(rule.Title)}"
                : Text($"           {rule.Length} bytes at {rule.Offset}{In(rule.Transform)}: {rule.Text}"));
        }

        foreach (var rule in report.NearMisses)
        {
            output.WriteLine(
                $"{console.Color("33", "near miss")}  {rule.Id} ({rule.Severity}), decided by {rule.Stage}{Time(rule.Ns)}");
            var literal = rule.Literal is null ? "" : Text($"has '{rule.Literal}' at {rule.LiteralOffset}{In(rule.Transform)}; ");
            output.WriteLine($"           {literal}{Reason(rule.Reason)}");
        }

        var rest = report.Rules - report.Matched.Count - report.NearMisses.Count;
        output.WriteLine(Text($"others     {rest} of {report.Rules} rules found nothing of theirs"));
        foreach (var stage in report.Stages)
        {
            var runs = stage.Stage is "automata" or "regex" ? Text($", {stage.Runs} run{(stage.Runs == 1 ? "" : "s")}") : "";
            output.WriteLine($"time       {stage.Stage}{In(stage.Transform)}{Time(stage.Ns)}{runs}");
        }

        output.WriteLine($"time       all{Time(report.Ns)} (the fastest of many; a gateway runs automata four at a time)");
    }

    private static string Reason(string reason) => reason switch
    {
        "guard_absent" => "its guard is not there",
        "dfa_refused" => "the automaton finds no match",
        "regex_refused" => "the automaton would take it, the regex finds no match",
        "regex_timed_out" => "the regex did not end in time",
        "condition_not_met" => "a term is true, but its condition as a whole is not",
        _ => "nothing else of it is there",
    };

    private static string In(string? transform) => transform is null ? "" : $" after {transform}";

    private static string Time(long nanoseconds) => Text($", {nanoseconds / 1000.0:0.0} us");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
