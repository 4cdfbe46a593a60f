using SensorGateway.Pipeline.Detection.Compilation;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>What is known of each term for the payload at hand. Owner: one detector.</summary>
/// <remarks>Cells hold the round in which they became true, so that nothing is cleared between payloads.</remarks>
internal sealed class TermStates(RuleProgram program) : ITermStates
{
    private readonly uint[] _true = new uint[program.TermCount];
    private readonly uint[] _undecided = new uint[program.TermCount];
    private readonly uint[] _ruleSeen = new uint[program.Rules.Rules.Length];
    private readonly int[] _matched = new int[program.Reported.Length];
    private readonly int[] _pending = new int[program.Rules.Rules.Length];
    private uint _round;
    private int _matchedCount;
    private int _pendingCount;

    /// <summary>Forgets the payload before.</summary>
    public void Begin()
    {
        _matchedCount = 0;
        _pendingCount = 0;
        if (++_round == 0)
        {
            _true.AsSpan().Clear();
            _undecided.AsSpan().Clear();
            _ruleSeen.AsSpan().Clear();
            _round = 1;
        }
    }

    public bool IsTrue(int term) => _true[term] == _round;

    public bool MayBeTrue(int term) => _true[term] == _round || _undecided[term] == _round;

    /// <summary>The term could not be decided.</summary>
    public void SetUndecided(int term) => _undecided[term] = _round;

    /// <summary>
    /// The term is true; so is every rule that is only this term, others wait for <see cref="Finish"/>.
    /// </summary>
    public void SetTrue(int term)
    {
        if (_true[term] == _round)
        {
            return;
        }

        _true[term] = _round;
        foreach (var entry in program.RulesOfTerm[term])
        {
            var rule = entry < 0 ? ~entry : entry;
            if (_ruleSeen[rule] == _round)
            {
                continue;
            }

            _ruleSeen[rule] = _round;
            if (entry < 0)
            {
                _pending[_pendingCount++] = rule;
            }
            else
            {
                _matched[_matchedCount++] = rule;
            }
        }
    }

    /// <summary>A hash list was hit; called at most once per list, after the rules.</summary>
    public void AddHashList(int list) => _matched[_matchedCount++] = program.Rules.Rules.Length + list;

    /// <summary>Decides the rules with conditions and returns all matches, ascending.</summary>
    public ReadOnlySpan<int> Finish()
    {
        // A rule none of whose terms is true cannot hold: a not only stands beside a positive term.
        foreach (var rule in _pending.AsSpan(0, _pendingCount))
        {
            if (program.Conditions[rule]!.Holds(this))
            {
                _matched[_matchedCount++] = rule;
            }
        }

        var matched = _matched.AsSpan(0, _matchedCount);
        matched.Sort();
        return matched;
    }
}
