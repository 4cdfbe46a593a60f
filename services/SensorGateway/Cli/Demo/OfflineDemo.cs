using SensorGateway.Cli.Replaying;
using SensorGateway.Rules.Model;
using SensorGateway.Traffic;

namespace SensorGateway.Cli.Demo;

/// <summary>The demo where no NATS server can be had: the same traffic and rules, alerts on the console.</summary>
internal static class OfflineDemo
{
    private const int Payloads = 2000;

    public static void Run(CliConsole console, RuleSet rules)
    {
        var traffic = new TrafficGenerator(seed: 7);
        var buffer = new byte[TrafficGenerator.PayloadBytesMax];
        var payloads = new List<byte[]>(Payloads);
        for (var i = 0; i < Payloads; i++)
        {
            payloads.Add(buffer.AsSpan(0, traffic.Next(buffer, i, out _)).ToArray());
        }

        new Replay(console, rules).Run(payloads, json: false);
    }
}
