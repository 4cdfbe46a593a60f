using System.Collections.Immutable;
using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Regexes;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>How one regex term is decided. Immutable but for the regex's own caches; shared by all workers.</summary>
internal sealed class RegexPlan
{
    /// <summary>The term's number.</summary>
    public required int Term { get; init; }

    /// <summary>Its own automaton.</summary>
    public required Automaton Automaton { get; init; }

    /// <summary>Decides what the automaton accepted; null when the automaton is exact.</summary>
    public required RegexSlot? Regex { get; init; }

    /// <summary>
    /// Literals of which one must be in the payload; empty when that is no condition or the trigger sees to it.
    /// </summary>
    public required ImmutableArray<int> Guards { get; init; }

    /// <summary>Literals that make it a candidate; empty when it must run on every payload.</summary>
    public required ImmutableArray<int> Triggers { get; init; }

    /// <summary>
    /// Each match has a trigger that begins at most this many bytes behind it; <see cref="int.MaxValue"/> for no bound.
    /// </summary>
    public required int BytesBeforeTrigger { get; init; }

    /// <summary>Rules out places where no match begins; null when it would rule out too few.</summary>
    public required AttemptFilter? Filter { get; init; }

    /// <summary>True when each match has a trigger that does not begin before it.</summary>
    public required bool EndsAttempts { get; init; }

    /// <summary>True when it can only match at the payload's start.</summary>
    public bool IsStartAnchored => Automaton.Nfa.StartAnchored[0];
}
