namespace SensorGateway.Nats.Connection;

/// <summary>How the reading side wakes the sending side: always for news, for a PONG only when asked to.</summary>
/// <remarks>A wake-up costs tens of microseconds on a small machine; most PONGs interest nobody at once.</remarks>
internal sealed class PublisherBell(Action wakePublisher)
{
    private volatile bool _wanted;

    public void Ring() => wakePublisher();

    /// <summary>Sending side: ring at the next PONG. It must look at the PONG count once more after this.</summary>
    public void AskForNextPong()
    {
        _wanted = true;

        // Full fence, pairs with PongArrived: either we see its PONG or it sees that we wait.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Sending side: the wait is over.</summary>
    public void Forget() => _wanted = false;

    /// <summary>Reading side, after it has counted the PONG.</summary>
    public void PongArrived()
    {
        // Full fence, pairs with AskForNextPong.
        Interlocked.MemoryBarrier();
        if (_wanted)
        {
            _wanted = false;
            wakePublisher();
        }
    }
}
