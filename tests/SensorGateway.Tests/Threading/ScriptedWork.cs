using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

/// <summary>Work that is whatever a test says.</summary>
internal sealed class ScriptedWork : IDutyCycle
{
    private volatile int _waiting;

    public string Role { get; init; } = "test-role";

    /// <summary>Items that wait.</summary>
    public int Waiting
    {
        get => _waiting;
        set => _waiting = value;
    }

    public int Turns { get; private set; }

    public int Woken { get; private set; }

    /// <summary>Runs inside each turn; by default one item is handled if one waits.</summary>
    public Func<ScriptedWork, int> OnWork { get; init; } = static work =>
    {
        if (work.Waiting == 0)
        {
            return 0;
        }

        work.Waiting--;
        return 1;
    };

    public bool HasWork => Waiting > 0;

    public long BacklogNanoseconds { get; set; }

    public bool NeedsOwnThread { get; set; }

    public void Woke() => Woken++;

    public int DoWork()
    {
        Turns++;
        return OnWork(this);
    }
}
