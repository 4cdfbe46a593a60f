using System.Globalization;
using SensorGateway.Profiling.Traces;

namespace SensorGateway.Profiling.Graphs;

/// <summary>Whose code a frame is, as a colour; neighbours differ a little.</summary>
internal static class FrameColors
{
    /// <summary>Colours and what they stand for, for the legend.</summary>
    public static readonly (string Color, string Meaning)[] Legend =
    [
        ("hsl(28,85%,62%)", "gateway"), ("hsl(345,75%,65%)", "a rule's regex"), ("hsl(205,50%,68%)", ".NET"),
        ("hsl(48,75%,62%)", "native"), ("hsl(265,40%,70%)", "kernel"), ("hsl(0,0%,80%)", "thread"),
    ];

    /// <summary>Colours of a comparison.</summary>
    public static readonly (string Color, string Meaning)[] DifferenceLegend =
        [("hsl(0,80%,62%)", "grew"), ("hsl(0,0%,88%)", "same share"), ("hsl(220,80%,66%)", "shrank")];

    private const double FullColorPoints = 5; // Percentage points.

    /// <summary>By whose code it is.</summary>
    public static string Of(FlameFrame frame)
    {
        var (hue, saturation, lightness) = frame switch
        {
            { Depth: <= 1 } => (0, 0, 80),
            _ when frame.Name.StartsWith(FrameNames.RulePrefix, StringComparison.Ordinal) => (345, 75, 65),
            _ when frame.Name.EndsWith(Perf.PerfFrames.KernelMark, StringComparison.Ordinal) => (265, 40, 70),
            _ when frame.Name.StartsWith("SensorGateway.", StringComparison.Ordinal) => (28, 85, 62),
            _ when frame.Name.StartsWith("System.", StringComparison.Ordinal)
                || frame.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
                || frame.Name.StartsWith("Interop", StringComparison.Ordinal)
                || frame.Name.StartsWith("dynamicClass.", StringComparison.Ordinal) => (205, 50, 68),
            _ => (48, 75, 62),
        };
        return Hsl(hue, saturation, lightness + (Hash(frame.Name) % 9) - 4);
    }

    /// <summary>By how its share changed; the more, the stronger.</summary>
    /// <param name="points">Percentage points, above 0 when it grew.</param>
    public static string OfDifference(double points)
    {
        var strength = Math.Min(1, Math.Abs(points) / FullColorPoints);
        return Hsl(points > 0 ? 0 : 220, (int)(80 * Math.Sqrt(strength)), 90 - (int)(28 * strength));
    }

    private static string Hsl(int hue, int saturation, int lightness) =>
        string.Create(CultureInfo.InvariantCulture, $"hsl({hue},{saturation}%,{lightness}%)");

    // Not string.GetHashCode: the same trace shall give the same file.
    private static int Hash(string name) => name.Aggregate(17, static (hash, letter) => ((hash * 31) + letter) & 0xffff);
}
