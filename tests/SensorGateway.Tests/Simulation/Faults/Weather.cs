using SensorGateway.Tests.Simulation.Network;
using SensorGateway.Tests.Simulation.Watching;
using SensorGateway.Tests.Spooling;

namespace SensorGateway.Tests.Simulation.Faults;

/// <summary>Makes servers, connections and the disk better and worse.</summary>
internal sealed class Weather(Scenario scenario, SimulatedNetwork network, MemoryFiles disk, Ledger ledger, Random random)
{
    private const int PayloadOfSmallServer = 700;

    /// <summary>The disk has never been anything but well.</summary>
    public bool DiskWasAlwaysWell { get; private set; } = true;

    /// <summary>There was a time in which files could not even be removed.</summary>
    public bool DiskWasGone { get; private set; }

    /// <summary>One change, by chance.</summary>
    /// <returns>What it was.</returns>
    public string Change()
    {
        var server = network.Servers[random.Next(network.Servers.Count)];
        switch (random.Next(12))
        {
            case 0:
                return CutOne(server);
            case 1:
                server.Accepts = false;
                CutAll(server);
                return $"server {server.Index} dies";
            case 2:
                server.Accepts = random.Next(3) > 0;
                return $"server {server.Index} accepts: {server.Accepts}";
            case 3:
                server.FramesMax = random.Next(4);
                return $"server {server.Index} reads {server.FramesMax} frames at a time";
            case 4:
                server.Forbidden = random.Next(3) switch { 0 => "alerts.low", 1 => "alerts.critical", _ => "" };
                return $"server {server.Index} forbids '{server.Forbidden}'";
            case 5:
                server.MaxPayload = random.Next(3) == 0 ? PayloadOfSmallServer : 64 * 1024;
                ledger.SmallestMaxPayload = Math.Min(ledger.SmallestMaxPayload, server.MaxPayload);
                CutAll(server);
                return $"server {server.Index} is back with max_payload {server.MaxPayload}";
            case 6:
                server.Ping();
                return $"server {server.Index} pings";
            case 7 when scenario.SpoolBytes > 0:
                return ChangeDisk();
            case 8 when scenario is { SpoolBytes: > 0, DiskRots: true }:
                return Rot();
            case 9:
                HealDisk();
                return "the disk is well";
            default:
                server.Heal();
                return $"server {server.Index} is well";
        }
    }

    /// <summary>Everything works again.</summary>
    public void Heal()
    {
        foreach (var server in network.Servers)
        {
            server.Heal();
        }

        HealDisk();
    }

    /// <summary>All connections end, as when the gateway's process does.</summary>
    public void CutAll()
    {
        foreach (var server in network.Servers)
        {
            CutAll(server);
        }
    }

    private void CutAll(SimulatedServer server)
    {
        foreach (var link in server.Links.ToArray())
        {
            Cut(server, link);
        }
    }

    private string CutOne(SimulatedServer server)
    {
        if (server.Links.Count == 0)
        {
            return "nothing to cut";
        }

        var link = server.Links[random.Next(server.Links.Count)];
        Cut(server, link);
        return $"link {link.Descriptor} is cut";
    }

    private void Cut(SimulatedServer server, SimulatedLink link)
    {
        // A server that stands still reads nothing more, and what it has said may get lost on its way.
        var frames = random.Next(3) == 0 ? int.MaxValue : random.Next(8);
        server.Cut(link, frames, random.Next(2) == 0 ? int.MaxValue : random.Next(link.ToGateway.Count + 1));
    }

    private string ChangeDisk()
    {
        DiskWasAlwaysWell = false;
        disk.Fails = random.Next(4) == 0;
        DiskWasGone |= disk.Fails;
        disk.SyncFails = random.Next(4) == 0;
        disk.Capacity = random.Next(3) == 0 ? random.Next(900_000) : long.MaxValue;
        disk.Tears = random.Next(3) == 0 ? bytes => random.Next(bytes) : null;
        return $"disk: fails {disk.Fails}, sync fails {disk.SyncFails}, room {disk.Capacity}, tears {disk.Tears is not null}";
    }

    private void HealDisk() =>
        (disk.Fails, disk.SyncFails, disk.Capacity, disk.Tears) = (false, false, long.MaxValue, null);

    private string Rot()
    {
        var segments = Stored.Segments(disk).Where(name => disk[name].Length > 0).ToArray();
        if (segments.Length == 0)
        {
            return "nothing to rot";
        }

        var name = segments[random.Next(segments.Length)];
        var before = Stored.Ids(disk[name]);
        var (offset, bit) = (random.Next(disk[name].Length), random.Next(8));
        disk.Rot(name, offset, bit);
        var lost = before.Except(Stored.Ids(disk[name]), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        SimulationFailure.Unless(lost.Count <= 1, $"a flipped bit in {name} cost {lost.Count} alerts");
        ledger.Lose(alert => lost.Contains(alert.Id));
        return $"bit {bit} of byte {offset} in {name} flips: {string.Join(',', lost)}";
    }
}
