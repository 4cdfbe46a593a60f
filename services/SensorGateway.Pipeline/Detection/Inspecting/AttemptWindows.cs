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

    // Going on to another window costs about as much as this many steps.
    private const int GapMin = 32;

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
    /// Matches begin from <paramref name="From"/> up to before <paramref name="Until"/>; <paramref name="Next"/> is the
    /// window behind, or <see cref="None"/>.
    /// </summary>
    public readonly record struct Window(int From, int Until, int Next);
}
