using SensorGateway.Pipeline.Detection.Automata;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Regex terms without a literal that run on every payload in one automaton.</summary>
/// <param name="Automaton">Pattern k of it is <paramref name="Plans"/>[k].</param>
/// <param name="Plans">Numbers of the plans.</param>
/// <param name="Halves">
/// The same terms in two groups, for a worker whose states of this one grow too many; or empty.
/// </param>
internal sealed record PlanGroup(Automaton Automaton, int[] Plans, PlanGroup[] Halves);
