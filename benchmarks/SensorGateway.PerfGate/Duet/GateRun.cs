using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.PerfGate.Duet;

/// <summary>What the gate says in the end; also its exit code.</summary>
internal enum Verdict
{
    /// <summary>Nothing got worse.</summary>
    Pass = 0,

    /// <summary>Something got worse, measured twice.</summary>
    Regression = 1,

    /// <summary>The gate could not measure, or failed its proof: the answer is worth nothing.</summary>
    Inconclusive = 2,
}

/// <summary>Whether the gate can tell good from bad on this machine, now, in one family of scenarios.</summary>
/// <param name="Family">The scenario name's first part.</param>
/// <param name="Self">A build against itself.</param>
/// <param name="Injected">The same against itself with injected work.</param>
internal sealed record Proof(string Family, DuetResult Self, DuetResult Injected)
{
    /// <summary>True when the gate gave the right answer both times.</summary>
    public bool IsSound => !Self.IsRegression && Injected.Complaint is Complaint.P95 or Complaint.P50;
}

/// <summary>A scenario that was not compared, and why.</summary>
internal sealed record NotJudged(string Scenario, string Against, string Reason);

/// <summary>Everything that one run of the gate found.</summary>
internal sealed record GateResult
{
    public required Build New { get; init; }

    public required IReadOnlyList<Proof> Proofs { get; init; }

    public required IReadOnlyList<DuetResult> Duets { get; init; }

    public required IReadOnlyList<NotJudged> NotJudged { get; init; }

    /// <summary>Builds that could not be measured at all.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public required TimeSpan Took { get; init; }

    /// <summary>Families whose proof could not be run.</summary>
    public IReadOnlyList<string> Unprovable { get; init; } = [];

    /// <summary>Compared families for which no proof was run: their answers rest on what the gate can do elsewhere.</summary>
    public IEnumerable<string> Unproved => Duets.Select(static duet => GateRun.FamilyOf(duet.Scenario))
        .Distinct().Except(Proofs.Select(static proof => proof.Family)).Except(Unprovable);

    /// <summary>Regressions in families whose proof is sound, or that nobody asked to prove.</summary>
    public IEnumerable<DuetResult> Regressions => Duets.Where(duet => duet.IsRegression && IsTrusted(duet.Scenario));

    public Verdict Verdict =>
        Regressions.Any() ? Verdict.Regression
        : Faults.Count > 0 || Duets.Count == 0 || Proofs.Any(static proof => !proof.IsSound) ? Verdict.Inconclusive
        : Verdict.Pass;

    /// <summary>False where the gate failed its own proof, or could not run it.</summary>
    public bool IsTrusted(string scenario) => !Unprovable.Contains(GateRun.FamilyOf(scenario))
        && Proofs.All(proof => proof.IsSound || proof.Family != GateRun.FamilyOf(scenario));
}

/// <summary>Compares one new build with one or several old ones, after proving itself.</summary>
/// <param name="duet">How a pair of builds is compared.</param>
/// <param name="proofPercent">Injected work that must be found.</param>
internal sealed class GateRun(DuetRun duet, double proofPercent)
{
    /// <summary>Told after each comparison.</summary>
    public Action<DuetResult>? OnResult { get; init; }

    /// <summary>First part of a scenario's name.</summary>
    public static string FamilyOf(string scenario) => scenario.Split('.')[0];

    /// <summary>Runs it all; a build that cannot be measured is reported, not thrown.</summary>
    /// <param name="newBuild">The build to judge.</param>
    /// <param name="oldBuilds">What it is compared with, each with the scenarios it has.</param>
    /// <param name="scenarios">What the new build has and the user asked for.</param>
    /// <param name="proofsMax">Most families to prove; the others go unproved. 0 proves nothing.</param>
    public GateResult Run(
        Build newBuild,
        IReadOnlyList<(Build Build, IReadOnlyList<ScenarioInfo> Has)> oldBuilds,
        IReadOnlyList<ScenarioInfo> scenarios,
        int proofsMax)
    {
        var from = TimeProvider.System.GetTimestamp();
        var (proofs, duets, notJudged, faults) =
            (new List<Proof>(), new List<DuetResult>(), new List<NotJudged>(), new List<string>());
        var work = new List<(string Scenario, Build Old)>();
        foreach (var scenario in scenarios)
        {
            foreach (var (old, has) in oldBuilds)
            {
                if (ReasonNotToJudge(scenario, has) is { } reason)
                {
                    notJudged.Add(new NotJudged(scenario.Name, old.Name, reason));
                }
                else
                {
                    work.Add((scenario.Name, old));
                }
            }
        }

        var unprovable = new List<string>();
        foreach (var family in work.GroupBy(static each => FamilyOf(each.Scenario)).Take(proofsMax))
        {
            if (!Guarded(faults, () => proofs.Add(Prove(family.Key, family.First().Old, family.First().Scenario))))
            {
                unprovable.Add(family.Key);
            }
        }

        foreach (var (scenario, old) in work)
        {
            Guarded(faults, () => duets.Add(Told(duet.Run(old, newBuild, scenario))));
        }

        return new GateResult
        {
            New = newBuild,
            Proofs = proofs,
            Unprovable = unprovable,
            Duets = duets,
            NotJudged = notJudged,
            Faults = faults,
            Took = TimeProvider.System.GetElapsedTime(from),
        };
    }

    private static string? ReasonNotToJudge(ScenarioInfo scenario, IReadOnlyList<ScenarioInfo> has)
    {
        if (scenario.Missing is not null)
        {
            return scenario.Missing;
        }

        var same = has.FirstOrDefault(each => each.Name == scenario.Name);
        return same is null ? "the old build lacks it"
            : same.Protocol != scenario.Protocol ? $"the old build speaks protocol {same.Protocol}"
            : same.Missing;
    }

    /// <returns>False when a build could not be measured.</returns>
    private static bool Guarded(List<string> faults, Action measure)
    {
        try
        {
            measure();
            return true;
        }
        catch (WorkerException fault)
        {
            faults.Add(fault.Message);
            return false;
        }
    }

    private Proof Prove(string family, Build build, string scenario) => new(
        family,
        Told(duet.Run(build, build with { Name = build.Name + " again" }, scenario)),
        Told(duet.Run(build, build with { Name = $"{build.Name} +{proofPercent:0}%", InjectPercent = proofPercent }, scenario)));

    private DuetResult Told(DuetResult result)
    {
        OnResult?.Invoke(result);
        return result;
    }
}
