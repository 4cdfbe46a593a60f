using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Detection.Suppressing;

/// <summary>
/// Remembers for each pair of rule and sensor how long repeats are held back, and what was. Owner: one detection worker.
/// </summary>
/// <remarks>
/// The first match of a pair opens its window and is sent; matches before the window closes are counted instead. A window
/// that held something back waits for its summary to be taken; one that did not is forgotten. Everything is allocated at
/// the start; when all pairs are taken, the window nearest to its end closes early. Invariant: a slot is free, open (in
/// the heap and under its hash), or closed (in the queue for summaries).
/// </remarks>
internal sealed class SuppressionTable
{
    /// <summary>Slots for closed windows beyond the open ones: one payload may push many out at once.</summary>
    public const int SpareSlots = 256;

    private const int None = -1;

    private readonly Window[] _windows;
    private readonly Sensor?[] _sensors;         // Beside the structs, which thus hold no references to follow.
    private readonly SuppressedRule?[] _rules;
    private readonly int[] _buckets;             // Slot + 1, so that an array that is new is an empty one.
    private readonly WindowHeap _open;
    private readonly int _pairsMax;
    private SuppressionPlan _plan = SuppressionPlan.Empty;
    private int _untouched;                      // Slots from here on have never been used.
    private int _free = None;
    private int _closedFirst = None;
    private int _closedLast = None;
    private int _sweepAt;
    private int _sweepEnd;

    /// <param name="pairsMax">Most windows open at once.</param>
    public SuppressionTable(int pairsMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pairsMax);
        var slots = pairsMax + SpareSlots;
        _pairsMax = pairsMax;
        _windows = new Window[slots];
        _sensors = new Sensor?[slots];
        _rules = new SuppressedRule?[slots];
        _buckets = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)slots * 2)];
        _open = new WindowHeap(slots);
    }

    /// <summary>Windows open now.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Windows, open or closed, that owe a summary.</summary>
    public int SummariesOwed { get; private set; }

    /// <summary>Windows that closed early to make room for another pair.</summary>
    public long Evicted { get; private set; }

    /// <summary>True when a summary can be taken.</summary>
    public bool HasClosed => _closedFirst != None;

    /// <summary>True while windows opened under an earlier plan have not been looked at.</summary>
    public bool IsSweeping => _sweepAt < _sweepEnd;

    /// <summary>When the next window closes, in Stopwatch ticks; <see cref="long.MaxValue"/> when none is open.</summary>
    public long NextCloseTicks => _open.FirstClosesAtTicks;

    /// <summary>Takes over the next generation's plan; <see cref="Sweep"/> then follows for the windows there are.</summary>
    public void Use(SuppressionPlan plan)
    {
        _plan = plan;
        _sweepAt = 0;
        _sweepEnd = _untouched;
    }

    /// <summary>Looks at some windows opened under an earlier plan: those of rules not held back any more close now.</summary>
    /// <remarks>A window that stays keeps its end, also when the rule's time has changed: that holds from the next one on.</remarks>
    public void Sweep(int slotsMax)
    {
        for (var left = slotsMax; left > 0 && _sweepAt < _sweepEnd; left--, _sweepAt++)
        {
            if (!_open.Contains(_sweepAt))
            {
                continue;
            }

            if (_plan.Find(_rules[_sweepAt]!.Id) is { } rule)
            {
                _rules[_sweepAt] = rule; // Lets go of the old generation's texts.
            }
            else
            {
                Close(_sweepAt);
            }
        }
    }

    /// <summary>Takes the rules out of a payload's matches that are held back.</summary>
    /// <param name="rules">Indexes of the rules that matched; those that stay move to the front, in their order.</param>
    /// <param name="sensor">Who sent the payload.</param>
    /// <param name="receivedAtTicks">When, in Stopwatch ticks.</param>
    /// <returns>How many rules stay.</returns>
    public int Hold(Span<int> rules, Sensor sensor, long receivedAtTicks)
    {
        if (_plan.IsEmpty)
        {
            return rules.Length;
        }

        var stay = 0;
        foreach (var rule in rules)
        {
            if (_plan.At(rule) is not { } suppressed || !IsRepeat(suppressed, sensor, receivedAtTicks))
            {
                rules[stay++] = rule;
            }
        }

        return stay;
    }

    /// <summary>Closes windows whose time is over.</summary>
    /// <returns>False when there are more than <paramref name="windowsMax"/> of them: call again.</returns>
    public bool CloseUntil(long ticks, int windowsMax)
    {
        for (var left = windowsMax; _open.Count > 0 && _open.FirstClosesAtTicks <= ticks; left--)
        {
            if (left == 0)
            {
                return false;
            }

            Close(_open.First);
        }

        return true;
    }

    /// <summary>Takes what the window that closed first has held back. False when no summary is owed yet.</summary>
    public bool TryTake(out HeldBack held)
    {
        if (_closedFirst == None)
        {
            held = default;
            return false;
        }

        var slot = _closedFirst;
        ref var window = ref _windows[slot];
        held = new HeldBack(_sensors[slot]!, _rules[slot]!, window.Held, window.FirstTicks, window.LastTicks);
        _closedFirst = window.Next;
        SummariesOwed--;
        Free(slot);
        return true;
    }

    private bool IsRepeat(SuppressedRule rule, Sensor sensor, long atTicks)
    {
        var hash = (uint)HashCode.Combine(rule.Hash, sensor.Handle);
        var slot = Find(hash, rule, sensor);
        if (slot != None)
        {
            if (atTicks < _open.ClosesAtTicks(slot))
            {
                Count(ref _windows[slot], atTicks);
                return true;
            }

            Close(slot);
        }

        Open(hash, rule, sensor, atTicks + rule.WindowTicks, atTicks);
        return false;
    }

    private void Count(ref Window window, long atTicks)
    {
        if (window.Held++ == 0)
        {
            window.FirstTicks = atTicks;
            window.LastTicks = atTicks;
            SummariesOwed++;
            return;
        }

        // Payloads of several sources may come a little out of order.
        window.FirstTicks = Math.Min(window.FirstTicks, atTicks);
        window.LastTicks = Math.Max(window.LastTicks, atTicks);
    }

    private void Open(uint hash, SuppressedRule rule, Sensor sensor, long closesAtTicks, long nowTicks)
    {
        if (_open.Count == _pairsMax)
        {
            Evicted += _open.FirstClosesAtTicks > nowTicks ? 1 : 0;
            Close(_open.First);
        }

        if (!TryTakeSlot(out var slot))
        {
            return; // All spare slots wait for summaries to leave: this match is sent, and so will be the next.
        }

        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _windows[slot] = new Window { Hash = hash, Next = bucket - 1 };
        bucket = slot + 1;
        _sensors[slot] = sensor;
        _rules[slot] = rule;
        _open.Add(slot, closesAtTicks);
    }

    private void Close(int slot)
    {
        _open.Remove(slot);
        Unlink(slot);
        ref var window = ref _windows[slot];
        if (window.Held == 0)
        {
            Free(slot);
            return;
        }

        window.Next = None;
        if (_closedFirst == None)
        {
            _closedFirst = slot;
        }
        else
        {
            _windows[_closedLast].Next = slot;
        }

        _closedLast = slot;
    }

    private bool TryTakeSlot(out int slot)
    {
        if (_free != None)
        {
            slot = _free;
            _free = _windows[slot].Next;
            return true;
        }

        // Slots that were never needed are never touched, so that a table of thousands costs memory only when used.
        slot = _untouched;
        _untouched += slot < _windows.Length ? 1 : 0;
        return slot < _windows.Length;
    }

    private void Free(int slot)
    {
        _sensors[slot] = null;
        _rules[slot] = null;
        _windows[slot].Next = _free;
        _free = slot;
    }

    private int Find(uint hash, SuppressedRule rule, Sensor sensor)
    {
        for (var slot = _buckets[hash & (_buckets.Length - 1)] - 1; slot != None; slot = _windows[slot].Next)
        {
            // The object, not the handle: a handle may have gone to another sensor since.
            if (_windows[slot].Hash == hash && ReferenceEquals(_sensors[slot], sensor) && _rules[slot]!.Id == rule.Id)
            {
                return slot;
            }
        }

        return None;
    }

    private void Unlink(int slot)
    {
        ref var bucket = ref _buckets[_windows[slot].Hash & (_buckets.Length - 1)];
        if (bucket == slot + 1)
        {
            bucket = _windows[slot].Next + 1;
            return;
        }

        var before = bucket - 1;
        while (_windows[before].Next != slot)
        {
            before = _windows[before].Next;
        }

        _windows[before].Next = _windows[slot].Next;
    }

    private struct Window
    {
        public long Held;
        public long FirstTicks;
        public long LastTicks;
        public uint Hash;
        public int Next; // Under the same hash while open, in the queue while closed, in the free list else.
    }
}
