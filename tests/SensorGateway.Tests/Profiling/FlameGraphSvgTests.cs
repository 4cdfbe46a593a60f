using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using SensorGateway.Profiling;
using SensorGateway.Profiling.Graphs;

namespace SensorGateway.Tests.Profiling;

public sealed class FlameGraphSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_PutsEachFrameAboveItsCallerAndInsideIt()
    {
        var frames = FramesOf(FlameGraphSvg.Draw("test", Make(("detect-0", "A.B.Run", 30), ("detect-0", "A.B.Wait", 10), ("publish", "A.B.Run", 60))));

        Assert.Equal((0L, 100L), frames["all: 100 samples, 100.00 %"]);
        Assert.Equal((0L, 40L), frames["detect-0: 40 samples, 40.00 %"]);
        Assert.Equal((0L, 30L), frames["A.B.Run: 30 samples, 30.00 %"]);
        Assert.Equal((30L, 10L), frames["A.B.Wait: 10 samples, 10.00 %"]);
        Assert.Equal((40L, 60L), frames["A.B.Run: 60 samples, 60.00 %"]);
    }

    [Fact]
    public void Draw_SaysWhatASampleIsAndWhatWasLeftOut()
    {
        var text = FlameGraphSvg.Draw("test", Make(("a", "b", 25)) with { Parked = 75 });

        Assert.Contains("thread time of a test: 25 samples; 75 of waiting threads left out (75.0 %)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_AgainstAnotherTrace_TellsHowSharesChanged()
    {
        var now = Make(("t", "A.Grew", 75), ("t", "A.Shrank", 25));
        var before = Make(("t", "A.Grew", 5), ("t", "A.Shrank", 5));

        var frames = FramesOf(FlameGraphSvg.Draw("test", now, before));

        Assert.Contains("A.Grew: 75 samples, 75.00 %, +25.00 points", frames.Keys);
        Assert.Contains("A.Shrank: 25 samples, 25.00 %, -25.00 points", frames.Keys);
        Assert.Contains("t: 100 samples, 100.00 %, +0.00 points", frames.Keys);
    }

    [Fact]
    public void Draw_WithAnyNames_StaysWellFormedAndKeepsThemText()
    {
        var hostile = new[] { "</title><script>alert(1)</script>", "\" onload=\"x", "]]>", "a\0b\u0001\ud800", "&lt;", "" };
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Generator.Or(Gen.Elements(hostile)).Two().ToArbitrary(),
            names =>
            {
                var text = FlameGraphSvg.Draw(names.Item1 ?? "", Make((names.Item1 ?? "", names.Item2 ?? "", 3)));
                var picture = XDocument.Parse(text);
                Assert.Single(picture.Descendants(Svg + "script"));
                Assert.DoesNotContain(picture.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Draw_NeedsNothingFromElsewhere()
    {
        var text = FlameGraphSvg.Draw("test", Make(("a", "b", 1)));

        Assert.DoesNotMatch(@"href|src=|@import|url\(", text);
        Assert.Equal(["http://www.w3.org/2000/svg"], Regex.Matches(text, "https?://[^\"'<> ]+").Select(match => match.Value).Distinct());
    }

    [Fact]
    public void Draw_OfVeryManyStacks_StaysBelow300Kilobytes()
    {
        var random = new Random(1);
        var tree = new StackTree();
        for (var i = 0; i < 100_000; i++)
        {
            string[] stack = ["thread-" + random.Next(30), .. Enumerable.Range(0, random.Next(1, 25)).Select(_ => $"Some.Rather.Long.Namespace.Type{random.Next(50)}.Method{random.Next(50)}")];
            tree.Add(stack);
        }

        Assert.InRange(FlameGraphSvg.Draw("test", new Profile(tree, 0, "test")).Length, 1_000, 300_000);
    }

    private static Profile Make(params (string Thread, string Frame, int Samples)[] stacks)
    {
        var tree = new StackTree();
        foreach (var (thread, frame, samples) in stacks)
        {
            for (var i = 0; i < samples; i++)
            {
                tree.Add([thread, frame]);
            }
        }

        return new Profile(tree, 0, "thread time of a test");
    }

    private static Dictionary<string, (long Left, long Samples)> FramesOf(string svg) =>
        XDocument.Parse(svg).Descendants(Svg + "g").Where(group => (string?)group.Attribute("class") == "f").ToDictionary(
            group => group.Element(Svg + "title")!.Value,
            group => (Number(group, "data-x"), Number(group, "data-w")));

    private static long Number(XElement element, string name) =>
        long.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
