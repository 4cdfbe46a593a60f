using System.Collections.Immutable;

namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>What one rule costs on sample traffic.</summary>
/// <param name="Rule">Index into the program's reported rules.</param>
/// <param name="NsPerPayload">
/// Its share of the nanoseconds that one payload takes on average; the shares of all rules add up to the whole.
/// </param>
/// <param name="Runs">How often one of its automata was run; a shared one counts for each rule in it.</param>
/// <param name="RegexRuns">How often one of its regexes was run.</param>
/// <param name="Matches">How often it matched.</param>
/// <param name="Exploded">
/// What its automaton did on this traffic: <c>own automaton</c> when it had to leave a shared one, <c>starts over</c>
/// when it outgrows its memory, <c>slow lane</c> when it does so again and again and is run without memory; null when it
/// fits.
/// </param>
public sealed record RulePrice(int Rule, double NsPerPayload, long Runs, long RegexRuns, long Matches, string? Exploded);

/// <summary>What all rules of a program cost on sample traffic.</summary>
/// <param name="Prices">By reported rule.</param>
/// <param name="NsPerPayload">What the engine takes for one payload, without cache, all rules together.</param>
/// <param name="Payloads">How many different payloads were measured; counts are over one pass of these.</param>
/// <param name="PayloadsGiven">How many there were; more than <paramref name="Payloads"/> when the time ran out.</param>
public sealed record PriceList(ImmutableArray<RulePrice> Prices, double NsPerPayload, int Payloads, int PayloadsGiven)
{
    /// <summary>The dearest first; equals by rule.</summary>
    public ImmutableArray<RulePrice> DearestFirst { get; } =
        [.. Prices.OrderByDescending(price => price.NsPerPayload).ThenBy(price => price.Rule)];
}
