using SensorGateway.Pipeline.Threading;

namespace SensorGateway.ConcurrencyTests.Threading.Twins;

/// <summary>What a broken copy of the runner forgets.</summary>
internal enum Flaw
{
    /// <summary>Nothing: proves that the copy itself is sound, so that it is the flaw that gets caught.</summary>
    None,

    /// <summary>Whoever ran a turn in place of the thread does not look again after giving the baton back.</summary>
    NoLookAfterGivingBack,

    /// <summary>The thread looks for work and only then says that it sleeps.</summary>
    LooksBeforeAnnouncingItsSleep,

    /// <summary>A turn that must wait for its own thread does not ring it.</summary>
    NoRingWhenATurnGivesUp,

    /// <summary>The thread does not say that it is awake again, so it counts as rung when it sleeps the next time.</summary>
    StaysRung,
}

/// <summary>A copy of the runner and its thread with one flaw.</summary>
internal sealed class TwinRole : IRole
{
    private const int Awake = 0;
    private const int Parked = 1;
    private const int Rung = 2;

    private readonly IDutyCycle _work;
    private readonly Flaw _flaw;
    private readonly Doorbell _bell = new();
    private readonly Thread _thread;
    private Baton _baton;
    private int _rest;
    private volatile bool _stopping;

    public TwinRole(IDutyCycle work, Flaw flaw)
    {
        _work = work;
        _flaw = flaw;
        _thread = new Thread(Run) { Name = "twin", IsBackground = true };
        _thread.Start();
    }

    public void Drive()
    {
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _rest) != Awake && _work.HasWork)
        {
            if (!_baton.TryTake())
            {
                return;
            }

            var handled = _work.DoWork();
            _baton.GiveBack();
            if (_flaw == Flaw.NoLookAfterGivingBack)
            {
                return;
            }

            if (handled == 0 && _work.HasWork)
            {
                if (_flaw != Flaw.NoRingWhenATurnGivesUp)
                {
                    Wake();
                }

                return;
            }
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _bell.Ring();
        _thread.Join();
        _bell.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.CompareExchange(ref _rest, Rung, Parked) == Parked)
        {
            _bell.Ring();
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            var handled = 0;
            if (_baton.TryTake())
            {
                handled = _work.DoWork();
                _baton.GiveBack();
            }

            if (handled == 0 && BeginsPark())
            {
                _bell.Wait(-1);
                if (_flaw != Flaw.StaysRung)
                {
                    Volatile.Write(ref _rest, Awake);
                }
            }
        }
    }

    private bool BeginsPark()
    {
        if (_flaw == Flaw.LooksBeforeAnnouncingItsSleep)
        {
            var hasWork = _work.HasWork;
            Interlocked.Exchange(ref _rest, hasWork ? Awake : Parked);
            return !hasWork;
        }

        if (_flaw == Flaw.StaysRung)
        {
            Interlocked.CompareExchange(ref _rest, Parked, Awake);
        }
        else
        {
            Interlocked.Exchange(ref _rest, Parked);
        }

        if (!_work.HasWork && !_stopping)
        {
            return true;
        }

        Volatile.Write(ref _rest, Awake);
        return false;
    }
}
