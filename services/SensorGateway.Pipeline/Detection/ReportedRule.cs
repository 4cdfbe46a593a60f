using System.Collections.Immutable;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection;

/// <summary>What an alert says about a rule that matched; hash lists appear as rules too.</summary>
/// <param name="Id">The rule's id, or <c>ioc.NAME</c> for a hash list.</param>
/// <param name="Title">One line for people; for a hash list the label of the entry that hit replaces it.</param>
/// <param name="Severity">How grave.</param>
/// <param name="Tags">Free tags.</param>
/// <param name="Author">Shown where the author wants it; null when unknown.</param>
public sealed record ReportedRule(
    string Id, string Title, Severity Severity, ImmutableArray<string> Tags, string? Author);
