using System.Diagnostics;

namespace SensorGateway.ConcurrencyTests.Threading;

/// <summary>Something that at most one thread may hold.</summary>
internal interface IExclusion
{
    bool TryTake();

    void GiveBack();
}

/// <summary>Threads that fight for a baton and, while they hold it, add to a counter as only its owner may.</summary>
internal sealed class BatonSoak(IExclusion baton)
{
    private const int Threads = 3;

    private readonly Verdict _verdict = new();
    private readonly long[] _turns = new long[Threads];
    private volatile bool _stopping;
    private long _counter; // Plain on purpose: only mutual exclusion keeps it right.
    private int _inside;

    /// <summary>The first violation, or null.</summary>
    public string? Run(TimeSpan time)
    {
        var from = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Threads).Select(i => _verdict.Start($"thread {i}", () => Fight(i))).ToList();
        while (!_verdict.IsBroken && !SoakTime.IsOver(from, time))
        {
            Thread.Sleep(5);
        }

        _stopping = true;
        _verdict.Join(threads, SoakTime.Hang);
        if (_counter != _turns.Sum())
        {
            _verdict.Report($"{_turns.Sum()} turns added up to {_counter}");
        }

        return _verdict.Violation;
    }

    public long Turns => _turns.Sum();

    private void Fight(int index)
    {
        while (!_stopping && !_verdict.IsBroken)
        {
            if (!baton.TryTake())
            {
                Thread.SpinWait(1);
                continue;
            }

            if (Volatile.Read(ref _inside) != 0)
            {
                _verdict.Report("two threads hold the baton");
            }

            Volatile.Write(ref _inside, 1);
            _counter++;
            _turns[index]++;
            Volatile.Write(ref _inside, 0);
            baton.GiveBack();
        }
    }
}
