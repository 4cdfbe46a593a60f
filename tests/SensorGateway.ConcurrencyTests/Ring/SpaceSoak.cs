using System.Diagnostics;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.ConcurrencyTests.Ring;

/// <summary>A writer that sleeps without limit while its ring is full, and a reader that stops when there is nothing left.</summary>
/// <param name="looksAgain">Whether the writer looks for room once more after it has asked to be woken.</param>
internal sealed class SpaceSoak(bool looksAgain) : IDisposable
{
    private readonly Verdict _verdict = new();
    private readonly EventRing _ring = EventRing.Create(4096, 1);
    private readonly Doorbell _bell = new();
    private long _written;
    private long _sleeps;
    private volatile bool _stopping;

    public long Sleeps => Volatile.Read(ref _sleeps);

    public void Dispose() => _bell.Dispose();

    public string? Run(TimeSpan time, TimeSpan lost)
    {
        _ring.Space.Add(_bell);
        var from = Stopwatch.GetTimestamp();
        var writer = _verdict.Start("writer", Write);
        var reader = _verdict.Start("reader", () => Read(lost));
        while (!_verdict.IsBroken && !SoakTime.IsOver(from, time))
        {
            Thread.Sleep(5);
        }

        _stopping = true;
        _verdict.Join([reader], SoakTime.Hang);
        _bell.Ring();
        _verdict.Join([writer], SoakTime.Hang);
        return _verdict.Violation;
    }

    private void Write()
    {
        var dice = new Random(1);
        var writer = _ring.Writers[0];
        while (!_stopping && !_verdict.IsBroken)
        {
            if (writer.TryClaim(dice.Next(600), out var lease))
            {
                writer.Commit(lease);
                writer.Publish();
                Volatile.Write(ref _written, _written + 1);
                continue;
            }

            Thread.SpinWait(dice.Next(100));
            _ring.Space.Want();
            if (!looksAgain || !writer.IsAtMostHalfFull)
            {
                Volatile.Write(ref _sleeps, _sleeps + 1);
                _bell.Wait(-1);
            }
        }
    }

    private void Read(TimeSpan lost)
    {
        var dice = new Random(2);
        var quietSince = 0L;
        var writtenThen = -1L;
        while (!_stopping && !_verdict.IsBroken)
        {
            var read = 0;
            for (var batch = dice.Next(1, 20); read < batch && _ring.Reader.TryRead(out _); read++)
            {
            }

            if (read > 0)
            {
                _ring.Reader.Release();
                quietSince = 0;
            }
            else if (quietSince == 0 || Volatile.Read(ref _written) != writtenThen)
            {
                (quietSince, writtenThen) = (Stopwatch.GetTimestamp(), Volatile.Read(ref _written));
            }
            else if (SoakTime.IsOver(quietSince, lost))
            {
                _verdict.Report("the ring is empty and the writer sleeps");
                _bell.Ring();
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
