using SensorGateway.Configuration;

namespace SensorGateway.Cli.Testing;

/// <summary>Prints a report for people: failures on stderr like a compiler, the rest on stdout.</summary>
internal static class TestPrinter
{
    private const int ListedMax = 20;

    public static void Print(CliConsole console, TestReport report)
    {
        foreach (var failure in report.Failures)
        {
            console.Error.WriteLine(Line($"{failure.File}:{failure.Line}:{failure.Column}: {failure.Message}"));
        }

        var coverage = report.Coverage;
        console.Out.WriteLine(Line(
            $"coverage: {coverage.WithExamples} of {coverage.Rules} rules have an example that must match, "
                + $"{coverage.Rules - coverage.WithoutCleanExamples.Count} one that must not."));
        List(console, "without an example", [.. coverage.WithoutExamples]);
        List(
            console, "hit by the examples of others",
            [.. coverage.Overlaps.Select(overlap => Line(
                $"{overlap.File}:{overlap.Line}:{overlap.Column}: the example of {overlap.Rule} also hits "
                    + $"{string.Join(", ", overlap.Also)}"))]);
        console.Out.WriteLine(report.Ok
            ? console.Color("32", Line($"ok: {report.Cases} examples and tests hold."))
            : console.Color("31", Line($"FAIL: {report.Failures.Count} problems in {report.Cases} examples and tests.")));
    }

    private static void List(CliConsole console, string title, string[] lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        console.Out.WriteLine($"{title}:");
        foreach (var line in lines.Take(ListedMax))
        {
            console.Out.WriteLine($"  {line}");
        }

        if (lines.Length > ListedMax)
        {
            console.Out.WriteLine(Line($"  and {lines.Length - ListedMax} more; --json lists all"));
        }
    }

    private static string Line(string text) => Printable.Whole(text); // File names may hold anything.
}
