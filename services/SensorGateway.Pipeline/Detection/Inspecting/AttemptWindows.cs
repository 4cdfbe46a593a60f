using System.Numerics;
using SensorGateway.Pipeline.Detection.Automata;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>Where in a payload the matches of each candidate can begin. Owner: one detector.</summary>
/// <remarks>
/// A trigger is part of every match of its plan, so each of its occurrences opens a window of places; what lies between
/// the windows needs no look. A window that lies near the last one, or for which there is no room, is joined to it.
/// </remarks>
/// <param name="plans">Plans that may have windows, numbered from 0.</param>
/// <param name="furtherMax">Most windows beyond the first of each plan, for all plans together.</param>
internal sealed class AttemptWindows(int plans, int furtherMax)
{
    /// <summary>Number of no window.</summary>
    public const int None = -1;

    private const int PlacesPerLook = 64;

    // Going on to another window costs about as much as this many steps.
    private const int GapMin = 32;
    private const int WindowCost = 128; // A window of its own, with what found it, in bytes that an automaton could take.
    private const int FewWindows = 3;
    private const int NarrowBytesMin = 64;

    private readonly Window[] _windows = new Window[plans + furtherMax];
    private readonly int[] _tails = new int[plans];
    private int _used; // The first window of each plan has its number; further ones lie behind.

    /// <summary>One window.</summary>
    public ref readonly Window this[int window] => ref _windows[window];

    /// <summary>Forgets the payload before.</summary>
    public void Reset() => _used = _tails.Length;

    /// <summary>Opens the plan's first window, whose number is the plan's.</summary>
    public void Open(int plan, int from, int until)
    {
        _windows[plan] = new Window(from, until, None);
        _tails[plan] = plan;
    }

    /// <summary>Adds a window to a plan that has one.</summary>
    public void Add(int plan, int from, int until)
    {
        ref var tail = ref _windows[_tails[plan]];
        if (from >= tail.From && (from <= tail.Until + GapMin || _used == _windows.Length))
        {
            tail = tail with { Until = Math.Max(tail.Until, until) };
        }
        else if (from >= tail.From)
        {
            tail = tail with { Next = _used };
            _windows[_used] = new Window(from, until, None);
            _tails[plan] = _used++;
        }
        else
        {
            // Triggers of one plan may be found in any order; then one window holds all.
            _windows[plan] = new Window(
                Math.Min(_windows[plan].From, from), Math.Max(tail.Until, until), None);
            _tails[plan] = plan;
        }
    }

    /// <summary>
    /// True when so many windows cost as much as one over all the bytes that are left: then what is left is better taken
    /// whole.
    /// </summary>
    public static bool AreMany(int windows, int bytesLeft) =>
        windows > FewWindows && (long)windows * WindowCost >= bytesLeft;

    /// <summary>Leaves of a plan's only window the places that a filter lets pass.</summary>
    /// <returns>False when there are none.</returns>
    public bool TryNarrow(int plan, AttemptFilter? filter, ReadOnlySpan<byte> payload)
    {
        var (from, until, next) = _windows[plan];
        if (filter is null || next != None || until - from < NarrowBytesMin)
        {
            return true;
        }

        var windows = 0;
        for (var at = from; at < until; at += PlacesPerLook)
        {
            var places = filter.PlacesFrom(payload, at);
            if (places == 0)
            {
                continue;
            }

            var first = at + BitOperations.TrailingZeroCount(places);
            var behind = at + PlacesPerLook - BitOperations.LeadingZeroCount(places);
            if (AreMany(++windows, until - first))
            {
                behind = until;
            }

            if (windows == 1)
            {
                Open(plan, first, Math.Min(behind, until));
            }
            else
            {
                Add(plan, first, Math.Min(behind, until));
            }

            if (behind >= until)
            {
                break;
            }
        }

        return windows > 0;
    }

    /// <summary>
    /// Matches begin from <paramref name="From"/> up to before <paramref name="Until"/>; <paramref name="Next"/> is the
    /// window behind, or <see cref="None"/>.
    /// </summary>
    public readonly record struct Window(int From, int Until, int Next);
}
