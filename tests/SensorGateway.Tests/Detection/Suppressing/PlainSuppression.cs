using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Tests.Detection.Suppressing;

/// <summary>What suppression means, in the plainest way: a dictionary that is searched from end to end.</summary>
internal sealed class PlainSuppression(int pairsMax, int slots)
{
    private readonly Dictionary<(string Rule, Sensor Sensor), Window> _open = [];
    private readonly Queue<PlainSummary> _closed = new();
    private IReadOnlyDictionary<string, long> _windowTicks = new Dictionary<string, long>();
    private long _opened;

    public long Evicted { get; private set; }

    public int OpenCount => _open.Count;

    public int SummariesOwed => _closed.Count + _open.Values.Count(window => window.Held > 0);

    public void Use(IReadOnlyDictionary<string, long> windowTicks)
    {
        _windowTicks = windowTicks;
        foreach (var pair in _open.Keys.Where(pair => !windowTicks.ContainsKey(pair.Rule)).ToList())
        {
            Close(pair);
        }
    }

    public List<string> Hold(IEnumerable<string> rules, Sensor sensor, long at) =>
        [.. rules.Where(rule => !_windowTicks.TryGetValue(rule, out var ticks) || !IsRepeat((rule, sensor), ticks, at))];

    public void CloseUntil(long ticks)
    {
        while (_open.Count > 0 && _open[First()].ClosesAt <= ticks)
        {
            Close(First());
        }
    }

    public bool TryTake(out PlainSummary? summary) => _closed.TryDequeue(out summary);

    private bool IsRepeat((string, Sensor) pair, long ticks, long at)
    {
        if (_open.TryGetValue(pair, out var window))
        {
            if (at < window.ClosesAt)
            {
                window.FirstAt = window.Held == 0 ? at : Math.Min(window.FirstAt, at);
                window.LastAt = window.Held == 0 ? at : Math.Max(window.LastAt, at);
                window.Held++;
                return true;
            }

            Close(pair);
        }

        if (_open.Count == pairsMax)
        {
            Evicted += _open[First()].ClosesAt > at ? 1 : 0;
            Close(First());
        }

        if (_open.Count + _closed.Count < slots)
        {
            _open.Add(pair, new Window { ClosesAt = at + ticks, Opened = _opened++ });
        }

        return false;
    }

    private (string, Sensor) First() =>
        _open.OrderBy(entry => entry.Value.ClosesAt).ThenBy(entry => entry.Value.Opened).First().Key;

    private void Close((string Rule, Sensor Sensor) pair)
    {
        _open.Remove(pair, out var window);
        if (window!.Held > 0)
        {
            _closed.Enqueue(new PlainSummary(pair.Rule, pair.Sensor.Id, window.Held, window.FirstAt, window.LastAt));
        }
    }

    private sealed class Window
    {
        public long ClosesAt { get; init; }

        public long Opened { get; init; }

        public long Held { get; set; }

        public long FirstAt { get; set; }

        public long LastAt { get; set; }
    }
}

/// <summary>A summary as both sides of the comparison put it.</summary>
internal sealed record PlainSummary(string Rule, string Sensor, long Count, long FirstAt, long LastAt);
