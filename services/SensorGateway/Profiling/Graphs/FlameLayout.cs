namespace SensorGateway.Profiling.Graphs;

/// <summary>Turns a tree into boxes, leaving out those too narrow to see.</summary>
internal static class FlameLayout
{
    // Keeps a picture below some 300 KB; a browser stays quick, and what is left out is below a pixel or two.
    private const int FramesMax = 1_500;
    private const double NarrowestShare = 0.0004;

    /// <summary>The boxes, root first.</summary>
    /// <param name="root">What is drawn.</param>
    /// <param name="before">What it is compared with, or null.</param>
    public static List<FlameFrame> Of(StackNode root, StackNode? before)
    {
        var share = NarrowestShare;
        List<FlameFrame> frames;
        do
        {
            frames = [];
            Add(frames, root, before, 0, 0, Math.Max(1, (long)(root.Samples * share)));
            share *= 1.5;
        }
        while (frames.Count > FramesMax);

        return frames;
    }

    private static void Add(
        List<FlameFrame> frames, StackNode node, StackNode? before, long left, int depth, long samplesMin)
    {
        frames.Add(new FlameFrame(node.Frame, left, node.Samples, depth, before?.Samples ?? 0));
        foreach (var child in node.Children)
        {
            if (child.Samples >= samplesMin)
            {
                Add(frames, child, before?.Find(child.Frame), left, depth + 1, samplesMin);
            }

            left += child.Samples;
        }
    }
}
