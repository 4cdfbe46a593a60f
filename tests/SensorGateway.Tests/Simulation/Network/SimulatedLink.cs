using SensorGateway.Nats.Sockets;

namespace SensorGateway.Tests.Simulation.Network;

/// <summary>One TCP connection to a simulated server; the gateway's end of it.</summary>
internal sealed class SimulatedLink(int descriptor, SimulatedServer server, int socketBytes) : Transport
{
    private bool _closedByUs;

    /// <summary>The server's end.</summary>
    public SimulatedServer Server { get; } = server;

    /// <summary>Bytes that the server has not read.</summary>
    public BytePipe ToServer { get; } = new(socketBytes);

    /// <summary>Bytes that the gateway has not read.</summary>
    public BytePipe ToGateway { get; } = new(1 << 20);

    /// <summary>Nothing comes from or reaches the server any more.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Neither end uses it.</summary>
    public bool IsOver => IsCut || _closedByUs;

    public override int Descriptor => descriptor;

    public override string LastErrorText => "the simulated connection is cut";

    /// <summary>Ends it; what the server has sent can still be read.</summary>
    public void Cut() => IsCut = true;

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (IsOver)
        {
            return Failed;
        }

        var taken = ToServer.Write(bytes);
        return taken == 0 ? WouldBlock : taken;
    }

    public override int TryFlush() => IsOver ? Failed : 0;

    public override int TryReceive(Span<byte> target)
    {
        if (_closedByUs)
        {
            return 0;
        }

        var count = Math.Min(target.Length, ToGateway.Count);
        if (count == 0)
        {
            return IsCut ? 0 : WouldBlock;
        }

        ToGateway.Waiting[..count].CopyTo(target);
        ToGateway.Skip(count);
        return count;
    }

    public override bool WaitReadable(TimeSpan limit) => IsOver || ToGateway.Count > 0;

    public override bool WaitWritable(TimeSpan limit) => IsOver || ToServer.Room > 0;

    public override void Shutdown() => _closedByUs = true;

    public override void Dispose() => _closedByUs = true;
}
