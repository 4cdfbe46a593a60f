namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>Ticks of each part of the work on payloads.</summary>
internal sealed class PartTicks(RuleProgram program)
{
    /// <summary>In automata and regexes, by term.</summary>
    public double[] Terms { get; } = new double[program.TermCount];

    /// <summary>In scans, by view.</summary>
    public double[] Scans { get; } = new double[program.Views.Length];

    /// <summary>In transforms, by view.</summary>
    public double[] Transforms { get; } = new double[program.Views.Length];

    /// <summary>In digests: one cell.</summary>
    public double[] Hashes { get; } = new double[1];

    private double[][] Parts => [Terms, Scans, Transforms, Hashes];

    /// <summary>Keeps for each part the smaller of the two.</summary>
    public void TakeLeast(PartTicks other, bool isFirst)
    {
        foreach (var (mine, others) in Parts.Zip(other.Parts))
        {
            for (var i = 0; i < mine.Length; i++)
            {
                mine[i] = isFirst ? others[i] : Math.Min(mine[i], others[i]);
            }
        }
    }

    /// <summary>Back to zero.</summary>
    public void Clear()
    {
        foreach (var part in Parts)
        {
            part.AsSpan().Clear();
        }
    }
}
