using System.Globalization;
using SensorGateway.TestKit.PlainRules;

namespace SensorGateway.LoadTest.Rival;

/// <summary>
/// The crudest gateway there is, and so the mark to beat at low load: one thread, blocking sockets, a loop over
/// compiled regexes, one send for what a receive brought. No queue, no confirmation, no counters, no second sensor.
/// </summary>
internal static class RivalProgram
{
    /// <summary>Runs until its process is stopped.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        if (args is not ["--port", var port, "--nats", var nats, "--rules", var rules])
        {
            throw new UsageException("usage: rival --port P --nats URL --rules PATH");
        }

        using var loop = new RivalLoop(new Uri(nats), PlainRulePack.Load(rules));
        loop.Serve(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    }
}
