namespace SensorGateway.TestKit.PlainRules;

/// <summary>One rule of a pack, ready to be evaluated.</summary>
/// <param name="Id">As written.</param>
/// <param name="Severity">As written.</param>
/// <param name="Match">When it matches.</param>
/// <param name="ExamplesMatch">Payloads that must match, one Latin-1 character per byte.</param>
/// <param name="ExamplesClean">Payloads that must not.</param>
public sealed record PlainRule(
    string Id, string Severity, PlainTerm Match, IReadOnlyList<string> ExamplesMatch,
        IReadOnlyList<string> ExamplesClean);
