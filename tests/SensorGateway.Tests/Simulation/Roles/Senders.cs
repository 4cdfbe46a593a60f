using System.Text;
using SensorGateway.Tests.Simulation.Network;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>Senders of payloads: clean ones, some that match, repeats, and frames that no sensor should send.</summary>
internal sealed class Senders(Random random, int burstMax)
{
    private const int SensorsMax = 10;

    private readonly byte[][] _last = new byte[SensorsMax][];
    private long _payloads;

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, SensorsMax).Select(static i => $"10.0.0.{i}")];

    /// <summary>One sensor sends a burst.</summary>
    public string Send(SimulatedGateway gateway)
    {
        var index = random.Next(SensorsMax);
        var sensor = gateway.Sensors[index];
        var kind = random.Next(40);
        if (kind == 0)
        {
            gateway.Source.Arrive(sensor, SimulatedSource.Frame([])); // Empty.
            return $"{sensor.Id} sends an empty frame";
        }

        if (kind == 1)
        {
            gateway.Source.Arrive(sensor, SimulatedSource.Frame(new byte[SimulatedGateway.PayloadBytesMax + 1]));
            return $"{sensor.Id} sends too long a frame";
        }

        if (kind == 2)
        {
            gateway.Source.Arrive(sensor, SimulatedSource.Frame(new byte[100])[..random.Next(1, 100)]);
            gateway.Source.HangUp(sensor);
            return $"{sensor.Id} hangs up in a frame";
        }

        var count = random.Next(1, burstMax);
        var stream = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            stream.AddRange(SimulatedSource.Frame(Next(index)));
        }

        byte[] bytes = [.. stream];
        var cut = random.Next(bytes.Length + 1);
        gateway.Source.Arrive(sensor, bytes[..cut]);
        gateway.Source.Arrive(sensor, bytes[cut..]);
        return $"{sensor.Id} sends {count} payloads, {bytes.Length} bytes";
    }

    private byte[] Next(int sensor)
    {
        if (_last[sensor] is { } last && random.Next(5) == 0)
        {
            return last;
        }

        var words = SimulatedRules.Words;
        var word = random.Next(3) == 0 ? "nothing" : words[random.Next(words.Count)];
        var filler = random.Next(3) == 0 ? random.Next(1800) : random.Next(60);
        return _last[sensor] = Encoding.ASCII.GetBytes(
            $"{Encoding.ASCII.GetString(Messages.PayloadMark)}{_payloads++} {word} {new string('x', filler)}");
    }
}
