using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Transforms;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>Finds where a rule matched, for alerts only. Owner: one detector.</summary>
internal sealed class MatchLocator(RuleProgram program, PayloadViews payloads, DetectorCounters counters)
{
    private readonly WidenedPayload _widened = new();
    private DetectorCounters _counters = counters;
    private bool _isRehearsing = true; // See ViewInspector.

    /// <summary>From now on the payloads are real ones, and these counters count them.</summary>
    public void PutToWork(DetectorCounters counters) => (_counters, _isRehearsing) = (counters, false);

    /// <summary>Makes and runs everything once that any rule may need, so that no alert is the first. Off the path only.</summary>
    public void Prepare()
    {
        foreach (var place in program.Places.SelectMany(static places => places))
        {
            place.Regex?.WarmUp([]);
        }
    }

    /// <summary>The leftmost match of the rule's first true positive term in file order.</summary>
    /// <param name="reportedRule">Index into the reported rules; hash lists have no place.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="location">The place.</param>
    /// <param name="bytes">What the place counts in; valid until the next call or inspection.</param>
    public bool TryLocate(
        int reportedRule, ReadOnlySpan<byte> payload, out MatchLocation location, out ReadOnlySpan<byte> bytes)
    {
        // The verdict may have come from the cache, so nothing that was worked out before can be trusted.
        payloads.Reset();
        foreach (var place in reportedRule < program.Places.Length ? program.Places[reportedRule] : [])
        {
            var view = program.Views[place.View];
            bytes = payloads.Of(view.Node, payload);
            if (TryFind(place, view.Literals, bytes, out var offset, out var length))
            {
                location = new MatchLocation(offset, length, view.Chain.IsNone ? null : view.Chain.Name);
                return true;
            }
        }

        location = default;
        bytes = default;
        return false;
    }

    private bool TryFind(Place place, LiteralTable literals, ReadOnlySpan<byte> bytes, out int offset, out int length)
    {
        if (place.Regex is null)
        {
            offset = literals.IndexIn(place.Literal, bytes);
            length = literals.LengthOf(place.Literal);
            return offset >= 0;
        }

        (offset, length) = (-1, 0);
        if (!HasGuard(place, literals, bytes))
        {
            return false;
        }

        if (!place.Regex.MayLocate || (_isRehearsing && _counters.PlaceTimeouts >= RegexSlot.StrikesMax))
        {
            return false;
        }

        _widened.Reset();
        try
        {
            if (place.Regex.TryFind(_widened.Of(bytes), out offset, out length))
            {
                return true;
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // The alert goes out without a place. A pattern may be linear for the automata and slow only here.
            _counters.PlaceTimeouts++;
            if (!_isRehearsing)
            {
                place.Regex.StrikePlace();
            }
        }

        return false;
    }

    private static bool HasGuard(Place place, LiteralTable literals, ReadOnlySpan<byte> bytes)
    {
        foreach (var guard in place.Guards)
        {
            if (literals.IndexIn(guard, bytes) >= 0)
            {
                return true;
            }
        }

        return place.Guards.Length == 0;
    }
}
