namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>What lies before a position, as far as anchors ask.</summary>
internal enum DfaContext : byte
{
    /// <summary>Some byte that no anchor of the automaton asks about.</summary>
    Other,

    /// <summary>The payload's start.</summary>
    Start,

    /// <summary>An LF.</summary>
    Line,

    /// <summary>A byte that <c>\b</c> counts as part of a word.</summary>
    Word,
}
