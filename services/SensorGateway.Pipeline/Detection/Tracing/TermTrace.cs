namespace SensorGateway.Pipeline.Detection.Tracing;

/// <summary>What is known of one term for the payload at hand.</summary>
internal struct TermTrace
{
    /// <summary>Which stage decided it.</summary>
    public DetectionStage Stage;

    /// <summary>How far it came.</summary>
    public TraceOutcome Outcome;

    /// <summary>Number of a literal of it that was found, plus one; 0 when none was.</summary>
    public int LiteralPlusOne;

    /// <summary>Where that stands.</summary>
    public int LiteralAt;

    /// <summary>Automata run for it alone.</summary>
    public int Runs;

    /// <summary>Regex runs.</summary>
    public int RegexRuns;

    /// <summary>Ticks in automata; of one that it shares, its share.</summary>
    public long AutomatonTicks;

    /// <summary>Ticks in its regex.</summary>
    public long RegexTicks;

    /// <summary>Notes that a stage has decided.</summary>
    public void Decide(DetectionStage stage, TraceOutcome outcome)
    {
        Stage = stage;
        Outcome = outcome;
    }
}
