using System.Collections.Immutable;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;

namespace SensorGateway.Pipeline.Lanes.Generations;

/// <summary>Puts generations of rules to work in all workers, and keeps the counts that must outlive them.</summary>
/// <remarks>
/// At most two generations are alive besides one that is being made: the one at work, and the one before it until every
/// worker has passed it.
/// </remarks>
internal sealed class RuleSwap(DetectionLane[] lanes, RuleProgram first)
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, long> _carried = ImmutableDictionary<string, long>.Empty;
    private MatchCells[] _leaving = [];
    private MatchCells[] _atWork = CellsOf(lanes);
    private RuleProgram _program = first;

    /// <summary>The newest generation put to work.</summary>
    public RuleProgram Program => Volatile.Read(ref _program);

    /// <summary>Makes what each worker needs for a generation, and runs it in. Slow; off the path only.</summary>
    public PreparedGeneration Prepare(RuleProgram program, IReadOnlyCollection<byte[]> samples)
    {
        var rules = Array.ConvertAll(lanes, _ => DetectionWorker.Prepare(program));
        foreach (var one in rules)
        {
            one.Rules.WarmUpFully(samples);
        }

        return new PreparedGeneration(program, rules);
    }

    /// <summary>Hands a generation to all workers; each takes it with its next turn.</summary>
    public void Use(PreparedGeneration generation)
    {
        lock (_gate)
        {
            Settle();
            _leaving = [.. _leaving, .. CellsOf(lanes)];
            _atWork = Array.ConvertAll(generation.Workers, static one => one.Rules.Matches);
            Volatile.Write(ref _program, generation.Program);
            for (var i = 0; i < lanes.Length; i++)
            {
                lanes[i].Worker.Use(generation.Workers[i]);
            }
        }

        foreach (var lane in lanes)
        {
            lane.Runner.Wake();
        }
    }

    /// <summary>True once no worker needs an older generation any more.</summary>
    public bool IsSettled()
    {
        lock (_gate)
        {
            return Settle();
        }
    }

    /// <summary>Matches of each rule at work, counted through all generations that had a rule of that id.</summary>
    public ImmutableArray<RuleMatches> Matches()
    {
        lock (_gate)
        {
            Settle();
            var reported = _program.Reported;
            var counts = new long[reported.Length];
            foreach (var cells in _leaving.Concat(_atWork).Distinct())
            {
                Add(cells, reported, counts);
            }

            var matches = ImmutableArray.CreateBuilder<RuleMatches>();
            for (var i = 0; i < reported.Length; i++)
            {
                if (counts[i] + _carried.GetValueOrDefault(reported[i].Id) is > 0 and var count)
                {
                    matches.Add(new RuleMatches(reported[i].Id, count));
                }
            }

            return matches.ToImmutable();
        }
    }

    private static void Add(MatchCells cells, ReadOnlySpan<ReportedRule> reported, long[] counts)
    {
        var ofSameProgram = cells.Program.Reported == reported;
        for (var i = 0; i < cells.Cells.Length; i++)
        {
            if (cells.Cells[i] > 0)
            {
                var at = ofSameProgram ? i : IndexOf(reported, cells.Program.Reported[i].Id);
                if (at >= 0)
                {
                    counts[at] += cells.Cells[i];
                }
            }
        }
    }

    private static int IndexOf(ReadOnlySpan<ReportedRule> reported, string id)
    {
        for (var i = 0; i < reported.Length; i++)
        {
            if (reported[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>What each worker counts into: tells which generation it has.</summary>
    private static MatchCells[] CellsOf(DetectionLane[] lanes) =>
        Array.ConvertAll(lanes, static lane => lane.Worker.DetectorCounters.Matches);

    /// <summary>Once every worker has passed the generations before, keeps their counts and lets go of them.</summary>
    private bool Settle()
    {
        if (!CellsOf(lanes).SequenceEqual(_atWork))
        {
            return false;
        }

        if (_leaving.Length > 0)
        {
            var wanted = new HashSet<string>(StringComparer.Ordinal);
            foreach (var rule in _program.Reported)
            {
                wanted.Add(rule.Id); // Counts of rules that are gone go too: label values stay bounded.
            }

            var carried = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
            carried.AddRange(_carried.Where(pair => wanted.Contains(pair.Key)));
            foreach (var cells in _leaving.Distinct())
            {
                for (var i = 0; i < cells.Cells.Length; i++)
                {
                    if (cells.Cells[i] > 0 && wanted.Contains(cells.Program.Reported[i].Id))
                    {
                        var id = cells.Program.Reported[i].Id;
                        carried[id] = carried.GetValueOrDefault(id) + cells.Cells[i];
                    }
                }
            }

            _carried = carried.ToImmutable();
            _leaving = [];
        }

        return true;
    }
}
