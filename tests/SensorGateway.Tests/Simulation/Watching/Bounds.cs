using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Simulation.Roles;
using SensorGateway.Tests.Spooling;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>What must never grow beyond its cap, and who must not be given up for whom.</summary>
internal static class Bounds
{
    /// <summary>What the wire adds to an alert, and the alerts of a turn: so far the room may be overdrawn.</summary>
    private const int FrameBytes = 40;
    private const int AlertsOfATurn = 256 + 64;

    /// <summary>Rings, unconfirmed bytes and bytes on the disk.</summary>
    /// <param name="gateway">It.</param>
    /// <param name="accounts">Its counters.</param>
    /// <param name="scenario">Its caps.</param>
    /// <param name="disk">Null when it was gone for a time: what cannot be removed stays until the next start.</param>
    public static void MustHold(SimulatedGateway gateway, Accounts accounts, Scenario scenario, MemoryFiles? disk)
    {
        foreach (var ring in gateway.Rings)
        {
            SimulationFailure.Unless(
                ring.Reader.UsedBytes <= ring.Reader.CapacityBytes, $"a ring holds {ring.Reader.UsedBytes} bytes");
        }

        SimulationFailure.Unless(
            accounts.UnconfirmedBytes <= scenario.UnconfirmedBytes + FrameBytes * AlertsOfATurn,
            $"{accounts.UnconfirmedBytes} bytes are unconfirmed, {scenario.UnconfirmedBytes} may be");
        var stored = disk?.BytesOf(static name => name.EndsWith(SegmentHeader.Suffix, StringComparison.Ordinal)) ?? 0;
        SimulationFailure.Unless(
            stored <= scenario.SpoolBytes, $"the spool takes {stored} bytes of the disk, {scenario.SpoolBytes} may be");
    }

    /// <summary>In one turn of publishing, no alert was given up while a less grave one behind it of its sensor was kept.</summary>
    /// <remarks>The sensor, because another may be on a connection that works. Not shorter: a long one may not have fitted.</remarks>
    public static void GraveGoFirst(Ledger ledger)
    {
        var taken = ledger.All.Where(alert =>
            alert is { TakenInTurn: > 0, MayBeLate: false, IsLost: false } && alert.Bytes <= ledger.SmallestMaxPayload);
        foreach (var turn in taken.GroupBy(static alert => (alert.TakenInTurn, alert.Sensor)))
        {
            MadeAlert? missing = null;
            foreach (var alert in turn)
            {
                if (missing is not null && alert.IsDelivered && alert.Severity < Severity.Critical && alert.Bytes >= missing.Bytes)
                {
                    throw new SimulationFailure(
                        $"given up: {missing}; kept behind it: {alert}");
                }

                missing = alert is { IsDelivered: false, Severity: Severity.Critical } && missing is null ? alert : missing;
            }
        }
    }
}
