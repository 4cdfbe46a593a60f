using SensorGateway.Pipeline.Detection.Hashes;
using SensorGateway.Pipeline.Detection.Inspecting;
using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection;

/// <summary>Checks payloads against a generation of rules, with everything that this needs to remember.</summary>
/// <remarks>
/// Owner: whoever holds the detection worker's baton; one caller at a time, on any thread. Nothing is allocated per
/// payload once its buffers and automaton states have grown to what the traffic needs.
/// </remarks>
public sealed class Detector
{
    private readonly DetectionOptions _options;
    private readonly IVerdictCache? _cache;
    private readonly PayloadHasher _hasher = new();
    private readonly byte[] _digest = new byte[HashList.DigestBytes];
    private PreparedRules _rules;

    /// <param name="program">The generation to begin with.</param>
    /// <param name="options">The same options as the program was built with.</param>
    public Detector(RuleProgram program, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _cache = VerdictCaches.Create(options);
        _rules = new PreparedRules(program, options);
        Counters = new DetectorCounters(_rules.Matches);
        _rules.PutToWork(Counters);
    }

    /// <summary>The generation in use.</summary>
    public RuleProgram Program => _rules.Program;

    internal PreparedRules Rules => _rules;

    /// <summary>What it has done so far.</summary>
    public DetectorCounters Counters { get; }

    /// <summary>Changes to another generation. Cached verdicts of the old one become misses.</summary>
    /// <remarks>Allocates and starts cold; on a running worker use rules that were prepared off the path.</remarks>
    public void Use(RuleProgram program) => Use(new PreparedRules(program, _options));

    /// <summary>Changes to a prepared generation: a few reference writes, nothing allocated.</summary>
    /// <param name="rules">
    /// Prepared for this detector alone, with the same options; it now belongs to the detector.
    /// </param>
    public void Use(PreparedRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules.PutToWork(Counters);
        _rules = rules;
    }

    /// <summary>Checks one payload.</summary>
    public Verdict Inspect(ReadOnlySpan<byte> payload)
    {
        Counters.Payloads++;
        if (_cache is null || !_cache.Takes(payload.Length))
        {
            return Lend(InspectAnew(payload), fromCache: false);
        }

        var hash = _cache.HashOf(payload);
        if (_cache.TryGet(hash, payload, Program.Generation, out var cached))
        {
            Counters.CacheHits++;
            return Lend(cached, fromCache: true);
        }

        Counters.CacheMisses++;
        var timeouts = Counters.Timeouts;
        var fresh = InspectAnew(payload);
        if (Counters.Timeouts == timeouts)
        {
            // A verdict with a timeout in it is a guess made in haste; the next time may be better.
            _cache.Put(hash, payload, Program.Generation, fresh);
        }

        return Lend(fresh, fromCache: false);
    }

    /// <summary>Writes the payload's SHA-256 into the first 32 bytes of <paramref name="digest32"/>.</summary>
    public void ComputeSha256(ReadOnlySpan<byte> payload, Span<byte> digest32) => _hasher.Hash(payload, digest32);

    /// <summary>Finds where a rule matched: the leftmost match of its first true positive term in file order.</summary>
    /// <returns>False for hash lists, for digest terms, and when a regex did not end in time.</returns>
    public bool TryLocate(int reportedRule, ReadOnlySpan<byte> payload, out MatchLocation location) =>
        _rules.Locator.TryLocate(reportedRule, payload, out location, out _);

    /// <summary>The same, with the bytes that the place counts in: the payload, or what a transform made of it.</summary>
    /// <remarks>The bytes are valid until the next call of any method.</remarks>
    public bool TryLocate(
        int reportedRule, ReadOnlySpan<byte> payload, out MatchLocation location, out ReadOnlySpan<byte> bytes) =>
        _rules.Locator.TryLocate(reportedRule, payload, out location, out bytes);

    private CachedVerdict InspectAnew(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> digest = default;
        if (Program.Digests is not null)
        {
            _hasher.Hash(payload, _digest);
            Counters.Digests++;
            digest = _digest;
        }

        return _rules.Inspector.Inspect(payload, digest);
    }

    private Verdict Lend(CachedVerdict verdict, bool fromCache)
    {
        Counters.Matches.Add(verdict.Rules);
        return new Verdict(Program, verdict, fromCache);
    }
}
