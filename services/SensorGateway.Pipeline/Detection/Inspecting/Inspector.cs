using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Pipeline.Detection.Verdicts;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>Takes one payload through the stages, once per view that rules want, then digests. Owner: one detector.</summary>
internal sealed class Inspector
{
    private readonly RuleProgram _program;
    private readonly TermStates _terms;
    private readonly MatchCells _cells;
    private readonly PayloadViews _payloads;
    private readonly ViewInspector[] _views;

    public Inspector(RuleProgram program, DetectionOptions options, MatchCells cells, PayloadViews payloads)
    {
        _program = program;
        _terms = new TermStates(program);
        _cells = cells;
        _payloads = payloads;
        Counters = new DetectorCounters(cells);
        var widened = new WidenedPayload();
        _views = [.. program.Views.Select(view => new ViewInspector(view, options, _terms, cells, widened))];
    }

    /// <summary>What it counts into: its own until it is put to work.</summary>
    public DetectorCounters Counters { get; private set; }

    /// <summary>By view of the program.</summary>
    public ReadOnlySpan<ViewInspector> Views => _views;

    /// <summary>From now on the payloads are real ones, and these counters count them.</summary>
    public void PutToWork(DetectorCounters counters)
    {
        Counters = counters;
        foreach (var view in _views)
        {
            view.IsRehearsing = false;
        }
    }

    /// <summary>Inspects one payload; the result is valid until the next call.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="digest">Its SHA-256, or empty when nothing asks for it.</param>
    public CachedVerdict Inspect(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest)
    {
        _cells.CountInspected();
        _terms.Begin();
        _payloads.Reset();
        for (var view = 0; view < _views.Length; view++)
        {
            _views[view].Inspect(_payloads.Of(_program.Views[view].Node, payload), Counters);
        }

        if (!digest.IsEmpty)
        {
            LookUp(digest);
        }

        return new CachedVerdict(_terms.Finish(), digest);
    }

    private void LookUp(ReadOnlySpan<byte> digest)
    {
        var table = _program.Digests!;
        var lastList = -1;
        var matches = table.Index.Find(digest);
        while (matches.MoveNext())
        {
            if (matches.Source >= table.Lists)
            {
                _terms.SetTrue(table.TermOf(matches.Source));
            }
            else if (matches.Source != lastList)
            {
                // Equal digests were inserted list by list and probing keeps that order.
                lastList = matches.Source;
                _terms.AddHashList(lastList);
            }
        }
    }
}
