using System.Diagnostics;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>Times one engine over one list of payloads, pass by pass.</summary>
internal sealed class EngineRun
{
    private readonly IMatchEngine _engine;
    private readonly byte[][] _payloads;
    private readonly List<double> _passes = [];
    private readonly double _bytesPerPayload;
    private long _matches;
    private long _allocated;

    public EngineRun(IMatchEngine engine, IReadOnlyList<byte[]> payloads)
    {
        _engine = engine;
        var step = Math.Max(1, payloads.Count / engine.PayloadsMax);
        _payloads = [.. payloads.Where((_, i) => i % step == 0)];
        _bytesPerPayload = _payloads.Average(payload => (double)payload.Length);
        var warm = Stopwatch.StartNew();
        do
        {
            Once();
        }
        while (warm.ElapsedMilliseconds < 500);
    }

    /// <summary>Median of the passes.</summary>
    public double NsPerPayload => _passes.Order().ElementAt(_passes.Count / 2);

    /// <summary>Comparable between engines that took different samples.</summary>
    public double NsPerByte => NsPerPayload / _bytesPerPayload;

    /// <summary>One measured pass, repeated until it takes long enough for the clock.</summary>
    public void Pass()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = ThreadTime.SpentNanoseconds();
        var rounds = 0;
        do
        {
            Once();
            rounds++;
        }
        while (ThreadTime.SpentNanoseconds() - clock < 50_000_000);

        _passes.Add((double)(ThreadTime.SpentNanoseconds() - clock) / rounds / _payloads.Length);
        _allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / rounds / _payloads.Length;
    }

    /// <summary>Nanoseconds of each payload: the median of as many passes over all of them.</summary>
    public double[] Each()
    {
        const int passes = 7;
        var ticks = new long[_payloads.Length][];
        for (var pass = 0; pass < passes; pass++)
        {
            for (var i = 0; i < _payloads.Length; i++)
            {
                var from = Stopwatch.GetTimestamp(); // The thread's own clock takes as long as a small payload.
                _engine.Matches(_payloads[i]);
                (ticks[i] ??= new long[passes])[pass] = Stopwatch.GetTimestamp() - from;
            }
        }

        return [.. ticks.Select(each => each.Order().ElementAt(passes / 2) * 1e9 / Stopwatch.Frequency)];
    }

    public override string ToString() =>
        $"{_engine.Name,-32} {NsPerPayload,11:F0} {1000 / NsPerByte,7:F1} {_matches,8} {_engine.LoadMs,8:F0} "
        + $"{_allocated,9}";

    private void Once()
    {
        _matches = 0;
        foreach (var payload in _payloads)
        {
            _matches += _engine.Matches(payload);
        }
    }
}
