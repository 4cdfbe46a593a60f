using SensorGateway.Tests.Simulation.Faults;
using SensorGateway.Tests.Simulation.Watching;

namespace SensorGateway.Tests.Simulation;

/// <summary>How a gateway ends, how the next one begins, and how the play comes to rest.</summary>
internal sealed partial class GatewaySimulation
{
    private void Restart()
    {
        if (_scenario.Dies && _random.Next(2) == 0)
        {
            Die();
        }
        else
        {
            Stop(_random.Next(3) == 0 ? TimeSpan.Zero : DrainTime * _random.NextDouble());
        }

        _ledger.Process++;
        _gateway = Start();
    }

    /// <summary>Killed, or the machine loses its power: memory is lost, and with the power what was not synced.</summary>
    private void Die()
    {
        Seen.UnionWith(Sights.Of(_gateway, new Accounts(_gateway), _ledger));
        _weather.CutAll();
        DisposeDead();
        var power = _random.Next(2) == 0;
        if (power)
        {
            _disk.Crash(_random);
        }

        Seen.Add(power ? "power cut" : "killed");
        _ledger.ForgetRing();
        var stored = Stored.Ids(_disk);
        var lost = _ledger.Lose(alert => !stored.Contains(alert.Id));
        Note($"{(power ? "power cut" : "killed")}: {stored.Count} stored, {lost} lost");
    }

    /// <summary>What a closing gateway does with its files, a dead one does not.</summary>
    private void DisposeDead()
    {
        var failed = _disk.Fails;
        _disk.Fails = true;
        _gateway.Dispose();
        _disk.Fails = failed;
    }

    /// <summary>SIGTERM: a time to drain, then the rest is stored or dropped, and all that is missing must be counted.</summary>
    private void Stop(TimeSpan drain)
    {
        Note($"stop within {drain.TotalMilliseconds:F0} ms");
        _gateway.BeginStop();
        var from = _clock.GetTimestamp();
        while (!_gateway.IsDrained && _clock.GetElapsedTime(from) < drain)
        {
            if (!StepReady())
            {
                Advance(TimeSpan.FromMilliseconds(5));
            }

            Check();
        }

        var said = _gateway.EndStop();
        var accounts = new Accounts(_gateway);
        Seen.UnionWith(Sights.Of(_gateway, accounts, _ledger));
        accounts.MustAddUp();
        MustStore(accounts, said);
        _weather.CutAll();
        _gateway.Dispose();
        _ledger.ForgetRing();
        var stored = Stored.Ids(_disk);
        var first = _ledger.Open.FirstOrDefault(alert => !stored.Contains(alert.Id));
        var missing = _ledger.Count(alert => !stored.Contains(alert.Id));
        var counted = accounts.AlertsDropped + accounts.SentUnconfirmed
            + Math.Max(0, accounts.Unconfirmed + accounts.Spooled - said);
        Note($"stopped: {missing} missing, {counted} counted, {stored.Count} stored");
        SimulationFailure.Unless(
            missing <= counted,
            $"{missing} alerts are missing, {counted} are counted as lost or left; the first is {first}; {accounts}");
    }

    /// <summary>A spool with room on a disk that works takes all that is left.</summary>
    private void MustStore(Accounts accounts, long said)
    {
        var hasRoom = _gateway.Spool is { } spool && _weather.DiskWasAlwaysWell
            && spool.Snapshot.Bytes + 2 * accounts.UnconfirmedBytes < _scenario.SpoolBytes / 2;
        SimulationFailure.Unless(
            !hasRoom || said >= accounts.Unconfirmed + accounts.Spooled,
            $"{accounts.Unconfirmed} unconfirmed and {accounts.Spooled} spooled alerts are left, {said} of them are stored");
    }

    /// <summary>Everything works again, and all that waits comes out.</summary>
    private void Settle()
    {
        _weather.Heal();
        Note("everything is well");
        var from = _clock.GetTimestamp();
        for (var step = 0; !IsSettled; step++)
        {
            SimulationFailure.Unless(
                step < SettleSteps && _clock.GetElapsedTime(from) < SettleTime, $"what waits does not come out: {State()}");
            if (!StepReady())
            {
                AdvanceToNext();
            }

            Check();
        }
    }

    private bool IsSettled => !_gateway.Source.IsReady && !_gateway.Source.IsBlocked && _gateway.IsDrained
        && _gateway.Connections.All(static connection => connection.Snapshot().Unconfirmed == 0)
        && _gateway.Publisher.Counters.Spooled == 0
        && _gateway.Spool is null or { Snapshot: { Segments: 0, State: "ok" } };
}
