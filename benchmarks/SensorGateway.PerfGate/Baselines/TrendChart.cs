using System.Globalization;
using System.Net;
using System.Text;

namespace SensorGateway.PerfGate.Baselines;

/// <summary>One small chart per machine class and scenario: p50, p95, and p95 divided by the machine's own speed.</summary>
/// <remarks>A line breaks where the fingerprint changes: figures of different machines are never joined.</remarks>
internal static class TrendChart
{
    private const int Columns = 2;
    private const int PanelWidth = 460;
    private const int PanelHeight = 170;
    private const int Margin = 46;
    private const int Top = 64;

    private static readonly (string Name, string Colour, Func<BaselineScenario, double> Of)[] Lines =
    [
        ("p95", "#c33", static scenario => scenario.P95),
        ("p50", "#2a6", static scenario => scenario.P50),
        ("p95 by SHA-256 score, scaled", "#999", static scenario => scenario.NormP95),
    ];

    /// <summary>The picture; an empty one says so.</summary>
    public static string Draw(IReadOnlyList<(string Class, BaselineFile File)> nights)
    {
        var panels = nights
            .SelectMany(static night => night.File.Scenarios.Select(scenario => (night.Class, scenario.Name)))
            .Distinct()
            .OrderBy(static panel => panel.Class, StringComparer.Ordinal)
            .ThenBy(static panel => panel.Name, StringComparer.Ordinal)
            .ToList();
        var rows = (panels.Count + Columns - 1) / Columns;
        var (width, height) = ((Columns * PanelWidth) + Margin, Top + (rows * PanelHeight) + 20);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' font-family='sans-serif' font-size='11'>");
        Add(svg, $"<rect width='{width}' height='{height}' fill='white'/><text x='12' y='22' font-size='16'>{(panels.Count == 0 ? "No nights recorded yet" : "Trend, nanoseconds per operation")}</text>");
        for (var i = 0; i < Lines.Length; i++)
        {
            Add(svg, $"<text x='{12 + (i * 70)}' y='42' fill='{Lines[i].Colour}'>{Lines[i].Name}</text>");
        }

        for (var i = 0; i < panels.Count; i++)
        {
            var (home, name) = panels[i];
            var points = nights
                .Where(night => night.Class == home)
                .OrderBy(static night => night.File.Date, StringComparer.Ordinal)
                .SelectMany(night => night.File.Scenarios.Where(scenario => scenario.Name == name)
                    .Select(scenario => new Night(night.File.Date, night.File.Environment.Fingerprint, scenario)))
                .ToList();
            DrawPanel(svg, $"{name} on {home}", points, 12 + (i % Columns * PanelWidth), Top + (i / Columns * PanelHeight));
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Runs of nights on the same machine with the same runtime.</summary>
    public static IEnumerable<IReadOnlyList<int>> Unbroken(IReadOnlyList<string> fingerprints)
    {
        for (var from = 0; from < fingerprints.Count;)
        {
            var to = from;
            while (to < fingerprints.Count && fingerprints[to] == fingerprints[from])
            {
                to++;
            }

            yield return [.. Enumerable.Range(from, to - from)];
            from = to;
        }
    }

    private static void DrawPanel(StringBuilder svg, string title, List<Night> nights, int left, int top)
    {
        var (plotWidth, plotHeight) = (PanelWidth - Margin - 20, PanelHeight - 60);
        var bottom = top + 20 + plotHeight;
        var highest = nights.Max(static night => night.Scenario.P95) * 1.15;
        Add(svg, $"<text x='{left}' y='{top + 8}' font-weight='bold'>{WebUtility.HtmlEncode(title)}</text>");
        Add(svg, $"<path d='M{left + Margin} {top + 20}V{bottom}H{left + Margin + plotWidth}' fill='none' stroke='#bbb'/>");
        Add(svg, $"<text x='{left + Margin - 4}' y='{top + 28}' text-anchor='end'>{highest:F0}</text><text x='{left + Margin - 4}' y='{bottom}' text-anchor='end'>0</text>");
        Add(svg, $"<text x='{left + Margin}' y='{bottom + 14}'>{nights[0].Date}</text><text x='{left + Margin + plotWidth}' y='{bottom + 14}' text-anchor='end'>{nights[^1].Date}</text>");

        var latest = nights[^1].Scenario;
        foreach (var (name, colour, of) in Lines)
        {
            // The normalised line has no unit of its own: it is scaled to end where p95 ends.
            var scale = ReferenceEquals(of, Lines[^1].Of) ? latest.P95 / latest.NormP95 : 1;
            foreach (var run in Unbroken([.. nights.Select(static night => night.Fingerprint)]))
            {
                var points = string.Join(' ', run.Select(place => Point(place, of(nights[place].Scenario) * scale)));
                Add(svg, $"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='1.5'><title>{name}</title></polyline>");
            }

            for (var place = 0; place < nights.Count; place++)
            {
                var point = Point(place, of(nights[place].Scenario) * scale).Split(',');
                Add(svg, $"<circle cx='{point[0]}' cy='{point[1]}' r='2.5' fill='{colour}'><title>{nights[place].Date} {name} {of(nights[place].Scenario):0.##}</title></circle>");
            }
        }

        string Point(int place, double value)
        {
            var share = nights.Count == 1 ? 0.5 : place / (nights.Count - 1.0);
            var y = bottom - (Math.Min(value / highest, 1) * plotHeight);
            return string.Create(CultureInfo.InvariantCulture, $"{left + Margin + (share * plotWidth):F1},{y:F1}");
        }
    }

    private static void Add(StringBuilder svg, FormattableString element) =>
        svg.AppendLine(element.ToString(CultureInfo.InvariantCulture));

    private sealed record Night(string Date, string Fingerprint, BaselineScenario Scenario);
}
