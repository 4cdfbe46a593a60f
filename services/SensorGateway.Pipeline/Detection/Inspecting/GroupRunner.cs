using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Compilation;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>The groups of terms that run on every payload. Owner: one detector.</summary>
/// <remarks>
/// Patterns in one automaton multiply each other's states, and how much depends on the traffic. A group that outgrows
/// its
/// room is replaced by its halves, down to one pattern each, so that fast company stays together.
/// </remarks>
internal sealed class GroupRunner
{
    private readonly List<PlanGroup> _groups;
    private readonly List<LazyDfa> _dfas;
    private readonly int _bytesMax;

    public GroupRunner(IReadOnlyCollection<PlanGroup> groups, int bytesMax)
    {
        _bytesMax = bytesMax;
        _groups = [.. groups];
        _dfas = [.. _groups.Select(NewDfa)];
    }

    /// <summary>Groups now.</summary>
    public int Count => _groups.Count;

    /// <summary>Plans of a group.</summary>
    public int[] PlansOf(int group) => _groups[group].Plans;

    /// <summary>Automaton of a group.</summary>
    public LazyDfa DfaOf(int group) => _dfas[group];

    /// <summary>Adds every group to the batch, tagged with the complement of its number.</summary>
    public void AddTo(LaneBatch batch, int payloadBytes)
    {
        var whole = new AttemptWindows.Window(0, payloadBytes, AttemptWindows.None);
        for (var group = 0; group < _dfas.Count; group++)
        {
            batch.Add(_dfas[group], ~group, whole);
        }
    }

    /// <summary>
    /// Splits the groups that outgrew their room. Called between payloads; allocates, and so ever more rarely.
    /// </summary>
    /// <returns>How many were split.</returns>
    public int SplitLargeOnes()
    {
        var splits = 0;
        for (var group = _groups.Count - 1; group >= 0; group--)
        {
            var old = _groups[group];
            if (_dfas[group].Flushes == 0 || old.Halves.Length == 0)
            {
                continue;
            }

            _groups[group] = old.Halves[0];
            _dfas[group] = NewDfa(old.Halves[0]);
            _groups.Add(old.Halves[1]);
            _dfas.Add(NewDfa(old.Halves[1]));
            splits++;
        }

        return splits;
    }

    // A single pattern cannot be split, so it gets more room before it starts over.
    private LazyDfa NewDfa(PlanGroup group) =>
        new(group.Automaton, group.Halves.Length == 0 ? 4 * _bytesMax : _bytesMax);
}
