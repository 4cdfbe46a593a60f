using System.Diagnostics;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Threading;

/// <summary>
/// Rounds in which every producer publishes one item and drives the role once; then nobody touches it until all items
/// are handled. Nothing in here wakes anybody by time, so a lost wake-up stays lost and is seen.
/// </summary>
internal sealed class WakeUpSoak
{
    private const int Producers = 2;

    private readonly Verdict _verdict = new();
    private readonly EventRing _ring = EventRing.Create(64 * 1024, Producers);
    private readonly RingDrain _drain;
    private readonly IRole _role;
    private long _round;
    private long _driven;
    private volatile bool _stopping;

    public WakeUpSoak(Func<RingDrain, Action<string>, IRole> role)
    {
        _drain = new RingDrain(_ring.Reader);
        _role = role(_drain, _verdict.Report);
    }

    /// <summary>Rounds that ended well.</summary>
    public long Rounds => Volatile.Read(ref _round);

    /// <summary>The first violation, or null.</summary>
    public string? Run(TimeSpan time, TimeSpan lost)
    {
        using var role = _role;
        var from = Stopwatch.GetTimestamp();
        var producers = Enumerable.Range(0, Producers)
            .Select(i => _verdict.Start($"producer {i}", () => Produce(i))).ToList();
        while (!_verdict.IsBroken && !SoakTime.IsOver(from, time))
        {
            Interlocked.Increment(ref _round);
            AwaitRound(lost);
        }

        _stopping = true;
        _verdict.Join(producers, SoakTime.Hang);
        return _verdict.Violation;
    }

    // By count, not by time, except for the one thing that must not happen.
    private void AwaitRound(TimeSpan lost)
    {
        var wanted = _round * Producers;
        var drivenSince = 0L;
        for (var looks = 0; _drain.Handled < wanted && !_verdict.IsBroken; looks++)
        {
            if (drivenSince == 0 && Volatile.Read(ref _driven) == wanted)
            {
                drivenSince = Stopwatch.GetTimestamp(); // From here on it is the role's turn alone.
            }
            else if (drivenSince != 0 && SoakTime.IsOver(drivenSince, lost))
            {
                _verdict.Report($"round {_round}: {wanted - _drain.Handled} items wait, and everybody sleeps");
            }

            if (looks % 64 == 63)
            {
                Thread.Sleep(0); // The role's thread may need this CPU.
            }
        }
    }

    private void Produce(int index)
    {
        var dice = new Random(index);
        var writer = _ring.Writers[index];
        for (var round = 1L; ; round++)
        {
            for (var looks = 0; Volatile.Read(ref _round) < round; looks++)
            {
                if (_stopping || _verdict.IsBroken)
                {
                    return;
                }

                if (looks % 64 == 63)
                {
                    Thread.Sleep(0);
                }
            }

            // From at once to after the role's thread has gone to sleep.
            Thread.SpinWait(dice.Next(4) == 0 ? dice.Next(3_000) : dice.Next(300));
            if (!writer.TryClaim(8, out var lease))
            {
                _verdict.Report("an almost empty ring refused a record");
                return;
            }

            writer.Commit(lease);
            writer.Publish();
            _role.Drive();
            Interlocked.Increment(ref _driven);
        }
    }
}
