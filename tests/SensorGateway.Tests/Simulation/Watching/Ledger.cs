using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Simulation.Network;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>Every alert that was made and every one that arrived, over all starts of the gateway.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, MadeAlert> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MadeAlert> _lastOfSensor = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lastPayload = new(StringComparer.Ordinal);
    private readonly Queue<MadeAlert> _inRing = new();

    /// <summary>The start of the gateway that makes alerts now.</summary>
    public int Process { get; set; } = 1;

    /// <summary>Alerts and summaries made.</summary>
    public int Made => _made.Count;

    /// <summary>The smallest max_payload there has been: connections give up what is longer, as if the server refused it.</summary>
    public int SmallestMaxPayload { get; set; } = int.MaxValue;

    /// <summary>Messages that arrived, those that came twice counted twice.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Of these, those that had arrived before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>All that were made.</summary>
    public IEnumerable<MadeAlert> All => _made.Values;

    /// <summary>Those that must still arrive.</summary>
    public IEnumerable<MadeAlert> Open => _made.Values.Where(static alert => alert.IsOpen);

    /// <summary>Detection has put a message into the alert ring.</summary>
    public void NoteMade(string sensor, Severity severity, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var alert = new MadeAlert(
            Messages.IdOf(json), sensor, _made.Count, severity, subject.Length + json.Length,
            Messages.HashOf(subject, json), Process);
        SimulationFailure.Unless(_made.TryAdd(alert.Id, alert), $"the id {alert.Id} was given twice");
        _inRing.Enqueue(alert);
        if (Messages.PayloadNumber(json) is { } number)
        {
            SimulationFailure.Unless(
                number >= _lastPayload.GetValueOrDefault(sensor, -1), $"{sensor}: alert {alert.Id} overtook an earlier payload");
            _lastPayload[sensor] = number;
        }
    }

    /// <summary>A turn of publishing has left so many messages in the ring.</summary>
    public void NoteTaken(long turn, long waiting)
    {
        while (_inRing.Count > waiting)
        {
            _inRing.Dequeue().TakenInTurn = turn;
        }
    }

    /// <summary>The process has ended, and its rings with it.</summary>
    public void ForgetRing() => _inRing.Clear();

    /// <summary>The server has read a message.</summary>
    public void NoteArrived(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var id = Messages.IdOf(json);
        SimulationFailure.Unless(_made.TryGetValue(id, out var alert), $"nobody made what arrived: {Encoding.UTF8.GetString(json)}");
        SimulationFailure.Unless(alert!.Content == Messages.HashOf(subject, json), $"{id} arrived with another content than it was made with");
        Arrivals++;
        if (alert.IsDelivered)
        {
            Duplicates++;
            return;
        }

        alert.IsDelivered = true;
        if (alert.MayBeLate || alert.Bytes > SmallestMaxPayload)
        {
            return;
        }

        if (_lastOfSensor.TryGetValue(alert.Sensor, out var before))
        {
            SimulationFailure.Unless(
                before.Order < alert.Order, $"{alert.Sensor}: {id} arrived after {before.Id}, which was made later");
        }

        _lastOfSensor[alert.Sensor] = alert;
    }

    /// <summary>The server has read a message that it does not take.</summary>
    public void NoteRefused(ReadOnlySpan<byte> json)
    {
        if (_made.TryGetValue(Messages.IdOf(json), out var alert))
        {
            alert.MayBeLate = true;
        }
    }

    /// <summary>These were lost in a way that no gateway can help.</summary>
    /// <returns>How many there were.</returns>
    public int Lose(Func<MadeAlert, bool> which) => Close(which, static alert => alert.IsLost = true);

    /// <summary>These must be what the gateway has counted as given up.</summary>
    /// <returns>How many there were.</returns>
    public int Count(Func<MadeAlert, bool> which) => Close(which, static alert => alert.IsCounted = true);

    private int Close(Func<MadeAlert, bool> which, Action<MadeAlert> close)
    {
        var closed = 0;
        foreach (var alert in Open.Where(which))
        {
            close(alert);
            closed++;
        }

        return closed;
    }
}
