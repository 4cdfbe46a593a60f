using System.Collections.Immutable;
using System.Diagnostics;
using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Inspecting;
using SensorGateway.Pipeline.Detection.Tracing;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>Measures what each rule costs. Off the path only; takes about the time it is given, whatever the rules.</summary>
/// <remarks>
/// In an engine that all rules share, none has a cost of its own. So the time of one payload is divided: a transform
/// among the terms that want it, the scan among the literals it looks for, a shared automaton among its patterns, an own
/// automaton and a regex go to their rule alone. These weights are measured step by step, which is slower than the
/// engine (which runs four automata at once), so they are scaled to what the engine takes as a whole.
/// </remarks>
public static class RulePricer
{
    /// <summary>So many payloads are measured however short the time is: fewer would tell nothing.</summary>
    public const int PayloadsMin = 32;

    /// <summary>Payloads of typical traffic, for when there are none of the user's own.</summary>
    public static IReadOnlyList<byte[]> TypicalPayloads { get; } = TrafficSample.Payloads();

    /// <summary>Prices all rules.</summary>
    /// <param name="program">The rules.</param>
    /// <param name="options">The same options as the program was built with.</param>
    /// <param name="payloads">Sample traffic, at least one payload.</param>
    /// <param name="time">About how long to measure; <see cref="PayloadsMin"/> payloads are measured in any case.</param>
    /// <param name="progress">Told the share that is done, 0 to 1; null for nobody.</param>
    public static PriceList Measure(
        RuleProgram program, DetectionOptions options, IReadOnlyList<byte[]> payloads, TimeSpan time,
        Action<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(payloads);
        ArgumentOutOfRangeException.ThrowIfZero(payloads.Count, nameof(payloads));
        var deadline = new Deadline(time, progress);
        var inspector = new PreparedRules(program, options).Inspector;
        var tracer = new RuleTracer(inspector, program, options);
        var sample = Mixed(payloads);
        var (seen, engine) = MeasureEngine(inspector, sample, deadline);
        var isStuck = engine == 0;
        if (isStuck)
        {
            seen = Math.Min(sample.Length, PayloadsMin); // Whatever the others cost, one regex is the news.
        }

        // One pass is due whatever the time: it is warm, and so takes less than what has passed already.
        var counts = new CostCounts(program);
        var weights = new CostWeights(program);
        do
        {
            var done = Pass(sample, seen, _ => weights.Passes > 0 && deadline.IsOver(1), payload =>
            {
                tracer.Run(payload);
                weights.Add(tracer);
                if (weights.Passes == 0)
                {
                    counts.Add(tracer);
                }
            });
            if (done == seen)
            {
                weights.EndPass();
            }
        }
        while (!isStuck && !deadline.IsOver(1)); // Later passes would find the stuck regex given up, and cheap.

        var (inspecting, hashing) = weights.NanosecondsPerPayload(seen);
        engine = isStuck ? inspecting : engine;
        var shares = weights.SharesPerPayload(seen, inspecting > 0 ? engine / inspecting : 1);
        var prices = ImmutableArray.CreateBuilder<RulePrice>(shares.Length);
        for (var rule = 0; rule < shares.Length; rule++)
        {
            prices.Add(counts.Price(rule, shares[rule], Explosion.Of(program, inspector, rule)));
        }

        return new PriceList(prices.ToImmutable(), engine + hashing, seen, payloads.Count);
    }

    /// <summary>
    /// Finds out for how many payloads there is time, and what the engine takes for one of these, digests apart.
    /// </summary>
    /// <returns>
    /// The time is 0 when a regex did not end in time: to run it on would only spend its timeout again and again.
    /// </returns>
    private static (int Payloads, double Nanoseconds) MeasureEngine(
        Inspector inspector, byte[][] sample, Deadline deadline)
    {
        bool HasTimeout() => inspector.Counters.Timeouts > 0;
        void Inspect(byte[] payload) => inspector.Inspect(payload, default);

        // In a process that has just started, code gets quick only after some hundred milliseconds of running.
        while (!deadline.IsOver(0.2) && !HasTimeout())
        {
            Pass(sample, Math.Min(sample.Length, PayloadsMin), _ => HasTimeout(), Inspect);
        }

        // Cold: automata grow the states that this traffic needs.
        var seen = Pass(sample, sample.Length, done => (done >= PayloadsMin && deadline.IsOver(0.3)) || HasTimeout(), Inspect);
        var least = long.MaxValue;
        while (!HasTimeout() && (least == long.MaxValue || !deadline.IsOver(0.7)))
        {
            var from = Stopwatch.GetTimestamp();
            Pass(sample, seen, _ => HasTimeout(), Inspect);
            least = Math.Min(least, Stopwatch.GetTimestamp() - from);
        }

        return (seen, HasTimeout() ? 0 : Clock.Nanoseconds(0, least) / (double)seen);
    }

    /// <summary>Takes payloads until so many are done or the time is over.</summary>
    /// <returns>How many; at least one.</returns>
    private static int Pass(byte[][] sample, int count, Func<int, bool> isOver, Action<byte[]> work)
    {
        var done = 0;
        do
        {
            work(sample[done]);
            done++;
        }
        while (done < count && !isOver(done));
        return done;
    }

    /// <summary>
    /// The payloads in strides of the golden ratio: each once, and the first few stand for all parts of a file.
    /// </summary>
    private static byte[][] Mixed(IReadOnlyList<byte[]> payloads)
    {
        var stride = Math.Max(1, (int)(payloads.Count * 0.618));
        while (Gcd(stride, payloads.Count) != 1)
        {
            stride++;
        }

        return [.. Enumerable.Range(0, payloads.Count).Select(i => payloads[(int)((long)i * stride % payloads.Count)])];
    }

    private static int Gcd(int left, int right) => right == 0 ? left : Gcd(right, left % right);

    private sealed class Deadline(TimeSpan time, Action<double>? progress)
    {
        private readonly long _from = Stopwatch.GetTimestamp();

        public bool IsOver(double share)
        {
            var passed = Stopwatch.GetElapsedTime(_from) / time;
            progress?.Invoke(Math.Min(1, passed));
            return passed >= share;
        }
    }
}
