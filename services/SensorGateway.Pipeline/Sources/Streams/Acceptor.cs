using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources.Linux;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>Takes new connections from the listener, names their sensor, and refuses those above the limits.</summary>
/// <remarks>Owner: the ingest thread.</remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class Acceptor(
    StreamListener listener, SensorNames names, SourceCounters counters, SourceJournal journal)
{
    private const int AcceptsPerTurn = 64; // A flood of connections must not keep the thread from those it has.

    /// <summary>Accepts what waits, up to a bound.</summary>
    /// <param name="connections">Tells whether there is room for one more.</param>
    /// <param name="nowTicks">For the log limits.</param>
    /// <param name="open">Given each new connection that is within the limits.</param>
    /// <returns>False when the system has no means for another connection: pause.</returns>
    public bool AcceptWaiting(ConnectionTable connections, long nowTicks, Action<int, Sensor, long> open)
    {
        var address = stackalloc byte[PeerAddress.SocketAddressBytes];
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            uint addressBytes = PeerAddress.SocketAddressBytes;
            var descriptor = SocketCalls.Accept(
                listener.Descriptor, address, &addressBytes, SocketCalls.NonBlockingCloseOnExec);
            if (descriptor < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case SocketCalls.ErrorTryAgain:
                        return true;
                    case SocketCalls.ErrorInterrupted or SocketCalls.ErrorAborted:
                        continue;
                    case var errno: // Most likely no descriptors are left.
                        journal.AcceptFailed(errno, nowTicks);
                        return false;
                }
            }

            var peer = PeerAddress.From(new ReadOnlySpan<byte>(address, PeerAddress.SocketAddressBytes));
            if (TryName(connections, peer, nowTicks) is { } sensor)
            {
                open(descriptor, sensor, nowTicks);
            }
            else
            {
                _ = LinuxCalls.Close(descriptor);
            }
        }

        return true;
    }

    private Sensor? TryName(ConnectionTable connections, PeerAddress peer, long nowTicks)
    {
        if (connections.IsFull)
        {
            counters.CountConnectionRefused();
            journal.RefusedConnection(nowTicks);
            return null;
        }

        var sensor = names.Acquire(names.DependsOnPeer ? peer.ToString() : null);
        if (sensor is null)
        {
            counters.CountConnectionRefused();
            journal.NoSensorForConnection(nowTicks);
        }

        return sensor;
    }
}
