using System.Diagnostics;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Tracing;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Explaining;

/// <summary>Finds out why rules matched one payload, or nearly did.</summary>
internal static class Explain
{
    private const int ExcerptBytesMax = 80;
    private const int RunsMax = 500;
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(300);

    /// <param name="rules">The rules to look with.</param>
    /// <param name="detection">How a gateway would check payloads; the cache apart, which would explain nothing.</param>
    /// <param name="payload">The payload.</param>
    public static ExplainReport Run(RuleSet rules, DetectionOptions detection, byte[] payload)
    {
        var options = detection with { CacheEntries = 0 };
        var program = RuleProgram.Build(rules, options);
        var detector = new Detector(program, options);
        var trace = Fastest(new RuleTracer(program, options), payload);
        var verdict = detector.Inspect(payload);
        var matched = new List<ExplainedMatch>();
        foreach (var rule in trace.Rules.Where(rule => rule.IsMatch))
        {
            matched.Add(Match(program, detector, rule, payload, verdict.HashLabelOf(rule.Rule)));
        }

        return new ExplainReport(
            new ExplainedPayload(payload.Length, LiteralText.Of(payload, ExcerptBytesMax)),
            program.Reported.Length,
            matched,
            [.. trace.Rules.Where(rule => rule.IsNearMiss).Select(rule => Miss(program, rule))],
            [
                .. trace.Stages.Select(stage => new ExplainedStage(
                    stage.Name, NullIfEmpty(stage.View), stage.Runs, stage.Nanoseconds)),
            ],
            trace.Nanoseconds);
    }

    /// <summary>The quickest of many, which code and automata being warm is what a gateway takes.</summary>
    private static PayloadTrace Fastest(RuleTracer tracer, byte[] payload)
    {
        var from = Stopwatch.GetTimestamp();
        var fastest = tracer.Trace(payload);
        for (var run = 1; run < RunsMax && Stopwatch.GetElapsedTime(from) < TimeMax; run++)
        {
            var next = tracer.Trace(payload);
            fastest = next.Nanoseconds < fastest.Nanoseconds ? next : fastest;
        }

        return fastest;
    }

    private static ExplainedMatch Match(
        RuleProgram program, Detector detector, RuleTrace rule, byte[] payload, string? label)
    {
        var reported = program.Reported[rule.Rule];
        var isPlaced = detector.TryLocate(rule.Rule, payload, out var place, out var bytes);
        return new ExplainedMatch(
            reported.Id,
            label ?? reported.Title,
            Name(reported.Severity),
            Name(rule.Stage),
            place.Transform,
            isPlaced ? place.Offset : null,
            isPlaced ? place.Length : null,
            isPlaced ? LiteralText.Of(bytes.Slice(place.Offset, place.Length), ExcerptBytesMax) : null,
            rule.Nanoseconds);
    }

    private static ExplainedMiss Miss(RuleProgram program, RuleTrace rule)
    {
        var reported = program.Reported[rule.Rule];
        return new ExplainedMiss(
            reported.Id,
            Name(reported.Severity),
            Name(rule.Stage),
            ReasonOf(rule.Outcome),
            NullIfEmpty(rule.Transform),
            rule.Literal,
            rule.Literal is null ? null : rule.LiteralOffset,
            rule.Nanoseconds);
    }

    /// <summary>Scripts read these words: they never change.</summary>
    private static string ReasonOf(TraceOutcome outcome) => outcome switch
    {
        TraceOutcome.Absent => "absent",
        TraceOutcome.GuardAbsent => "guard_absent",
        TraceOutcome.AutomatonRefused => "dfa_refused",
        TraceOutcome.RegexRefused => "regex_refused",
        TraceOutcome.Undecided => "regex_timed_out",
        _ => "condition_not_met",
    };

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
