using SensorGateway.Pipeline.Detection.Regexes;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>How to find where a positive term of a rule matched. Immutable but for the regex's own caches.</summary>
/// <param name="View">Index of the view whose bytes the term looks at.</param>
/// <param name="Term">The term's number.</param>
/// <param name="Literal">Number of the literal in that view; -1 for a regex.</param>
/// <param name="Regex">Finds a regex term; null for a literal.</param>
/// <param name="Guards">Literals of which one must be there too; empty for no condition.</param>
internal sealed record Place(int View, int Term, int Literal, RegexSlot? Regex, int[] Guards);
