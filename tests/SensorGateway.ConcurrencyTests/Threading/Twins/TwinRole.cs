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
}

/// <summary>A copy of the runner and its thread with one flaw.</summary>
internal sealed class TwinRole : IRole
{
    private readonly IDutyCycle _work;
    private readonly Flaw _flaw;
    private readonly Doorbell _bell = new();
    private readonly Thread _thread;
    private Baton _baton;
    private int _parked;
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
        while (Volatile.Read(ref _parked) != 0 && _work.HasWork)
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
        if (Interlocked.Exchange(ref _parked, 0) != 0)
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
                Volatile.Write(ref _parked, 0);
            }
        }
    }

    private bool BeginsPark()
    {
        if (_flaw == Flaw.LooksBeforeAnnouncingItsSleep)
        {
            var hasWork = _work.HasWork;
            Interlocked.Exchange(ref _parked, hasWork ? 0 : 1);
            return !hasWork;
        }

        Interlocked.Exchange(ref _parked, 1);
        if (!_work.HasWork && !_stopping)
        {
            return true;
        }

        Volatile.Write(ref _parked, 0);
        return false;
    }
}
