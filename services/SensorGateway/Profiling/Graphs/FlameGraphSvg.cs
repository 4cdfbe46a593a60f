using System.Globalization;
using System.Text;

namespace SensorGateway.Profiling.Graphs;

/// <summary>Draws a profile as an interactive SVG that needs nothing but itself: click zooms, Ctrl+F searches.</summary>
internal sealed class FlameGraphSvg
{
    private const int Width = 1200;
    private const int Margin = 10;
    private const int RowHeight = 17;
    private const int HeadHeight = 64;
    private const int FootHeight = 26;
    private const double LetterWidth = 6.6;

    private readonly StringBuilder _svg = new();
    private readonly Profile _profile;
    private readonly Profile? _before;
    private readonly string _title;
    private readonly double _perSample;
    private int _height;

    private FlameGraphSvg(string title, Profile profile, Profile? before)
    {
        _title = title;
        _profile = profile;
        _before = before;
        _perSample = (double)(Width - (2 * Margin)) / Math.Max(1, profile.Tree.Root.Samples);
    }

    /// <summary>The whole file.</summary>
    /// <param name="title">What was profiled.</param>
    /// <param name="profile">What is drawn.</param>
    /// <param name="before">Colours then show how each frame's share has changed since, or null.</param>
    public static string Draw(string title, Profile profile, Profile? before = null) =>
        new FlameGraphSvg(title, profile, before).Draw();

    /// <summary>The last two parts of a name: type and method.</summary>
    internal static string ShortName(string name)
    {
        var generics = name.IndexOf('[', StringComparison.Ordinal);
        var plain = generics > 0 && !name.EndsWith(']') ? name[..generics] + name[(name.LastIndexOf(']') + 1)..] : name;
        var method = plain.LastIndexOf('.');
        method = method > 0 && plain[method - 1] == '.' ? method - 1 : method; // Type..ctor
        var type = method > 0 ? plain.LastIndexOf('.', method - 1) : -1;
        var isDotted = method > 0 && plain.AsSpan().IndexOfAny(' ', '/') < 0;
        return isDotted ? plain[(type + 1)..] : plain;
    }

    private string Draw()
    {
        var frames = FlameLayout.Of(_profile.Tree.Root, _before?.Tree.Root);
        _height = HeadHeight + ((frames.Max(static frame => frame.Depth) + 1) * RowHeight) + FootHeight;
        DrawHead();
        foreach (var frame in frames)
        {
            DrawFrame(frame);
        }

        Line("</g>");
        Line($"<text id=\"details\" x=\"{Margin}\" y=\"{_height - 9}\"></text>");
        Line($"<text id=\"found\" x=\"{Width - Margin}\" y=\"{_height - 9}\" text-anchor=\"end\"></text>");
        Line($"<script type=\"text/ecmascript\"><![CDATA[\n{Script()}]]></script>");
        Line("</svg>");
        return _svg.ToString();
    }

    private void DrawHead()
    {
        Line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        Line(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {_height}\" width=\"{Width}\" "
                + $"height=\"{_height}\" font-family=\"Verdana,sans-serif\" font-size=\"11\">");
        Line("<style>g.f{cursor:pointer}g.f:hover rect{stroke:#000}.button{cursor:pointer;fill:#0366d6}</style>");
        Line("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        Line(
            $"<text x=\"{Width / 2}\" y=\"22\" text-anchor=\"middle\" font-size=\"16\">{XmlText.Escape(_title)}</text>");
        Line($"<text x=\"{Width / 2}\" y=\"40\" text-anchor=\"middle\" fill=\"#555\">{XmlText.Escape(Subtitle())}</text>");
        Line($"<text id=\"reset\" class=\"button\" x=\"{Margin}\" y=\"22\">reset zoom</text>");
        Line(
            $"<text id=\"search\" class=\"button\" x=\"{Width - Margin}\" y=\"22\" text-anchor=\"end\">search</text>");
        DrawLegend();
        Line(
            $"<g id=\"frames\" data-chart=\"{{&quot;left&quot;:{Margin},&quot;width&quot;:{Width - (2 * Margin)},"
                + $"&quot;letter&quot;:{LetterWidth},&quot;samples&quot;:{_profile.Tree.Root.Samples}}}\">");
    }

    private string Subtitle()
    {
        var drawn = _profile.Tree.Root.Samples;
        var parked = _profile.Parked == 0
            ? ""
            : $"; {_profile.Parked} of waiting threads left out ({100.0 * _profile.Parked / (drawn + _profile.Parked):0.0} %)";
        var compared = _before is null ? "" : "; colours: share of samples against the other trace";
        return string.Create(CultureInfo.InvariantCulture, $"{_profile.Kind}: {drawn} samples{parked}{compared}");
    }

    private void DrawLegend()
    {
        var x = (double)Margin;
        foreach (var (color, meaning) in _before is null ? FrameColors.Legend : FrameColors.DifferenceLegend)
        {
            Line($"<rect x=\"{x}\" y=\"48\" width=\"10\" height=\"10\" fill=\"{color}\"/>");
            Line($"<text x=\"{x + 14}\" y=\"57\">{meaning}</text>");
            x += 32 + (meaning.Length * LetterWidth);
        }
    }

    private void DrawFrame(FlameFrame frame)
    {
        var x = Margin + (frame.Left * _perSample);
        var width = frame.Samples * _perSample;
        var y = _height - FootHeight - ((frame.Depth + 1) * RowHeight);
        var name = ShortName(frame.Name);
        var share = 100.0 * frame.Samples / Math.Max(1, _profile.Tree.Root.Samples);
        var change = _before is null ? 0 : share - (100.0 * frame.SamplesBefore / Math.Max(1, _before.Tree.Root.Samples));
        var color = _before is null ? FrameColors.Of(frame) : FrameColors.OfDifference(change);
        var changed = _before is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {change:+0.00;-0.00} points");
        Line($"<g class=\"f\" data-x=\"{frame.Left}\" data-w=\"{frame.Samples}\">"
            + $"<title>{XmlText.Escape(frame.Name)}: {frame.Samples} samples, {share:0.00} %{changed}</title>"
            + $"<rect x=\"{x:0.##}\" y=\"{y}\" width=\"{Math.Max(width, 0.3):0.##}\" height=\"{RowHeight - 1}\" fill=\"{color}\"/>"
            + $"<text x=\"{x + 3:0.##}\" y=\"{y + 12}\" data-n=\"{XmlText.Escape(name)}\">{Fit(name, width)}</text></g>");
    }

    private static string Fit(string name, double width)
    {
        var letters = (int)((width - 6) / LetterWidth);
        return letters < 3 ? "" : XmlText.Escape(name.Length <= letters ? name : name[..(letters - 1)] + "…");
    }

    private void Line(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Line(string text) => _svg.Append(text).Append('\n');

    private static string Script()
    {
        using var stream = typeof(FlameGraphSvg).Assembly.GetManifestResourceStream("flamegraph.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
