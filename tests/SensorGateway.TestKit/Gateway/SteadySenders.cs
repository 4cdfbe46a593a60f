using System.Net.Sockets;

namespace SensorGateway.TestKit.Gateway;

/// <summary>Several sensors that send a few alerts every five milliseconds, each on its own thread, until stopped.</summary>
public sealed class SteadySenders : IDisposable
{
    private readonly SensorSender[] _senders;
    private readonly Thread[] _threads;
    private volatile bool _stopped;

    /// <summary>Begins to send, to a gateway in this process.</summary>
    public SteadySenders(GatewayHarness gateway, int sensors, int alertsAtOnce = 3)
        : this([.. Enumerable.Range(0, sensors).Select(sensor => gateway.Sender(sensor))], alertsAtOnce)
    {
    }

    /// <summary>Begins to send, wherever these are connected to.</summary>
    public SteadySenders(SensorSender[] senders, int alertsAtOnce = 3)
    {
        ArgumentNullException.ThrowIfNull(senders);
        _senders = senders;
        _threads = [.. _senders.Select(sender => new Thread(() => Run(sender, alertsAtOnce)) { IsBackground = true })];
        Array.ForEach(_threads, static thread => thread.Start());
    }

    /// <summary>The sensors; each thread's own until <see cref="Stop"/>.</summary>
    public IReadOnlyList<SensorSender> Senders => _senders;

    /// <summary>Alerts caused so far.</summary>
    public long Evil => _senders.Sum(static sender => sender.Evil);

    /// <summary>Payloads sent so far.</summary>
    public long Sent => _senders.Sum(static sender => sender.Sent);

    /// <summary>Ends the sending and waits for it.</summary>
    public void Stop()
    {
        _stopped = true;
        Array.ForEach(_threads, static thread => thread.Join());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        Array.ForEach(_senders, static sender => sender.Dispose());
    }

    private void Run(SensorSender sender, int alertsAtOnce)
    {
        try
        {
            while (!_stopped)
            {
                sender.Send(alertsAtOnce);
                Thread.Sleep(5);
            }
        }
        catch (SocketException)
        {
            // The gateway is gone: the test has failed already, or is over.
        }
    }
}
