using System.Collections.Immutable;

namespace SensorGateway.Pipeline.Detection.Tracing;

/// <summary>The stages of detection, in the order in which a payload meets them.</summary>
public enum DetectionStage
{
    /// <summary>The scan for all literals at once.</summary>
    Literal,

    /// <summary>An automaton, the rule's own or one it shares.</summary>
    Dfa,

    /// <summary>A backtracking .NET regex.</summary>
    Regex,

    /// <summary>SHA-256 of the payload.</summary>
    Hash,
}

/// <summary>How far a term came, ordered: the further, the nearer to a match.</summary>
public enum TraceOutcome
{
    /// <summary>None of the literals that it needs is there, or for a digest: the payload has another.</summary>
    Absent,

    /// <summary>All but its guard is there, or a guard is missing that was looked for first.</summary>
    GuardAbsent,

    /// <summary>A literal is there, but the automaton finds no match.</summary>
    AutomatonRefused,

    /// <summary>The automaton, which may take too much, accepted; the regex finds no match.</summary>
    RegexRefused,

    /// <summary>The regex did not end in time, or is not run any more because it often did not.</summary>
    Undecided,

    /// <summary>The term is true.</summary>
    Met,
}

/// <summary>What became of one rule on one payload.</summary>
/// <param name="Rule">Index into the program's reported rules.</param>
/// <param name="IsMatch">True when it matched.</param>
/// <param name="Stage">Which stage decided.</param>
/// <param name="Outcome">
/// How far its furthest term came; <see cref="TraceOutcome.Met"/> without a match means that the rule's other terms, or
/// a <c>not</c>, kept it from matching.
/// </param>
/// <param name="IsNearMiss">True when it did not match although something of it was there.</param>
/// <param name="Literal">A literal of it that was found, as escaped text; null when none was.</param>
/// <param name="LiteralOffset">Where that stands, in the bytes that the term looks at.</param>
/// <param name="Transform">The transforms of that term; empty for the payload as it came.</param>
/// <param name="Nanoseconds">What its automata and regexes took; a shared automaton counts by its share.</param>
public sealed record RuleTrace(
    int Rule, bool IsMatch, DetectionStage Stage, TraceOutcome Outcome, bool IsNearMiss, string? Literal,
    int LiteralOffset, string Transform, long Nanoseconds);

/// <summary>What one step of the way took.</summary>
/// <param name="Name"><c>transform</c>, <c>scan</c>, <c>automata</c>, <c>regex</c> or <c>hash</c>.</param>
/// <param name="View">The transforms whose output it worked on; empty for the payload as it came.</param>
/// <param name="Nanoseconds">Time.</param>
/// <param name="Runs">How often it ran: automata and regexes.</param>
public sealed record StageTrace(string Name, string View, long Nanoseconds, int Runs);

/// <summary>What became of all rules on one payload.</summary>
/// <param name="Rules">Every rule, hash lists included, in the program's order.</param>
/// <param name="Stages">What was done, in order; steps that did not run are left out.</param>
/// <param name="Nanoseconds">All of it, without the pauses between stages.</param>
public sealed record PayloadTrace(ImmutableArray<RuleTrace> Rules, ImmutableArray<StageTrace> Stages, long Nanoseconds);
