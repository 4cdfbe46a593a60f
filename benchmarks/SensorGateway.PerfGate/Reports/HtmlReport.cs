using System.Globalization;
using System.Net;
using System.Text;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Reports;

/// <summary>One page without scripts: every launch as a dot, so that a reader sees how sure the gate is.</summary>
internal static class HtmlReport
{
    private const int Left = 330;
    private const int Width = 560;
    private const int RowHeight = 26;
    private const double RatioMin = 0.8;
    private const double RatioMax = 1.3;

    public static string Write(GateResult result, DuetPlan plan)
    {
        var rows = result.Duets.Select(static duet => (Duet: duet, Title: $"{duet.Scenario} / {duet.Old.Name}"))
            .Concat(result.Proofs.SelectMany(static proof => new[]
            {
                (Duet: proof.Self, Title: $"proof: {proof.Self.Scenario}, itself"),
                (Duet: proof.Injected, Title: $"proof: {proof.Injected.Scenario}, injected"),
            }))
            .ToList();
        var svg = new StringBuilder();
        var height = (rows.Count + 2) * RowHeight;
        Add(svg, $"<svg xmlns='http://www.w3.org/2000/svg' width='{Left + Width + 20}' height='{height}' font-family='sans-serif' font-size='12'>");
        foreach (var tick in (double[])[0.8, 0.9, 1.0, 1.1, 1.2, 1.3])
        {
            Add(svg, $"<line x1='{X(tick):F1}' x2='{X(tick):F1}' y1='20' y2='{height - 8}' stroke='#ddd'/><text x='{X(tick):F1}' y='14' text-anchor='middle' fill='#666'>{tick:F1}</text>");
        }

        Add(svg, $"<line x1='{X(plan.Threshold):F1}' x2='{X(plan.Threshold):F1}' y1='20' y2='{height - 8}' stroke='#c33' stroke-dasharray='4 3'/>");
        for (var i = 0; i < rows.Count; i++)
        {
            AddRow(svg, rows[i].Duet, rows[i].Title, (i + 1) * RowHeight + 10);
        }

        svg.Append("</svg>");
        return $$"""
            <!doctype html><meta charset="utf-8"><title>Performance gate</title>
            <body style="font-family:sans-serif;margin:2em;max-width:70em">
            <h1>{{WebUtility.HtmlEncode(TextReport.Summary(result))}}</h1>
            <p>p95 of the new build by the old one; a dot is one launch of both, the bar their median. Right of the dashed line is too much.</p>
            {{svg}}
            <pre>{{WebUtility.HtmlEncode(TextReport.Write(result))}}</pre>
            </body>

            """;
    }

    private static void AddRow(StringBuilder svg, DuetResult duet, string title, int y)
    {
        var colour = duet.IsRegression ? "#c33" : "#2a6";
        Add(svg, $"<text x='{Left - 12}' y='{y + 4}' text-anchor='end'>{WebUtility.HtmlEncode(title)}</text>");
        foreach (var launch in duet.Launches)
        {
            Add(svg, $"<circle cx='{X(launch.P95Ratio):F1}' cy='{y}' r='4' fill='{colour}' fill-opacity='0.45'/>");
        }

        Add(svg, $"<rect x='{X(duet.P95Ratio) - 1.5:F1}' y='{y - 8}' width='3' height='16' fill='{colour}'><title>{duet.P95Ratio:F3}</title></rect>");
    }

    private static double X(double ratio) =>
        Left + ((Math.Clamp(ratio, RatioMin, RatioMax) - RatioMin) / (RatioMax - RatioMin) * Width);

    private static void Add(StringBuilder svg, FormattableString element) =>
        svg.AppendLine(element.ToString(CultureInfo.InvariantCulture));
}
