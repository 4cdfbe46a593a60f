using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SensorGateway.LoadTest.Contestants;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>
/// <c>scenarios</c> lists what this build can run, one JSON line each. <c>scenario NAME [--cpu N] [--inject PERCENT]
/// [--warm-up-ms N]</c> becomes a worker: it says that it is ready and then answers one line of JSON to each line of
/// <c>slice MS</c>, <c>allocation</c>, <c>calibrate</c> and <c>total</c>, until <c>quit</c> or the end of its input.
/// </summary>
internal static class ScenarioCommand
{
    private const int UsageError = 64;
    private const int Broken = 70;
    private const int WarmUpStretch = 6; // A warm-up never lasts longer than so many times what it should.

    public static int List()
    {
        foreach (var entry in ScenarioCatalog.All)
        {
            var info = new ScenarioInfo
            {
                Protocol = ScenarioInfo.ProtocolVersion,
                Name = entry.Name,
                Missing = entry.Missing(),
                Quick = entry.Quick,
            };
            Console.WriteLine(JsonSerializer.Serialize(info, ProtocolJson.Default.ScenarioInfo));
        }

        return 0;
    }

    public static int Work(string[] args)
    {
        if (args is not [var name, .. var options] || options.Length % 2 != 0
            || ScenarioCatalog.All.FirstOrDefault(entry => entry.Name == name) is not { } entry)
        {
            Console.Error.WriteLine("usage: scenario NAME [--cpu N] [--inject PERCENT] [--warm-up-ms N]; 'scenarios' lists the names");
            return UsageError;
        }

        if (entry.Missing() is { } missing)
        {
            Console.Error.WriteLine($"{name} cannot run: {missing}");
            return UsageError;
        }

        int? cpu = null;
        var inject = 0.0;
        var warmUp = 1_000.0;
        for (var i = 0; i < options.Length; i += 2)
        {
            if (!double.TryParse(options[i + 1], CultureInfo.InvariantCulture, out var value) || value < 0)
            {
                Console.Error.WriteLine($"{options[i]} {options[i + 1]} is no number; see --cpu, --inject and --warm-up-ms");
                return UsageError;
            }

            switch (options[i])
            {
                case "--cpu":
                    cpu = (int)value;
                    break;
                case "--inject":
                    inject = value / 100;
                    break;
                case "--warm-up-ms":
                    warmUp = value;
                    break;
                default:
                    Console.Error.WriteLine($"{options[i]} is unknown; use --cpu, --inject or --warm-up-ms");
                    return UsageError;
            }
        }

        try
        {
            return Work(entry, cpu, inject, TimeSpan.FromMilliseconds(warmUp));
        }
        catch (Exception fault) when (fault is InvalidOperationException or InvalidDataException or StartException)
        {
            Console.Error.WriteLine($"{name}: {fault.Message}");
            return Broken;
        }
    }

    private static int Work(ScenarioEntry entry, int? cpu, double inject, TimeSpan warmUp)
    {
        using var scenario = entry.Create();
        WarmUp(scenario, warmUp);
        if (inject > 0)
        {
            scenario.Inject(inject);
        }

        if (scenario.Pins)
        {
            // Only this thread: the JIT's background thread stays free to work elsewhere.
            CpuAffinity.PinCallingThread(cpu);
        }

        GC.Collect();
        Say(JsonSerializer.Serialize(
            new ReadyMessage
            {
                Protocol = ScenarioInfo.ProtocolVersion,
                Name = entry.Name,
                SliceMilliseconds = scenario.SliceMilliseconds,
                Pairs = scenario.Pairs,
            },
            ProtocolJson.Default.ReadyMessage));
        Answer(scenario);
        return 0;
    }

    /// <summary>Works until this thread has had so much time of a CPU: on a busy machine a second on the wall is too little.</summary>
    private static void WarmUp(Scenario scenario, TimeSpan length)
    {
        var thrownAway = new FineHistogram();
        var started = Stopwatch.GetTimestamp();
        var until = ThreadTime.SpentNanoseconds() + (long)length.TotalNanoseconds;
        do
        {
            // The way a slice is taken must be warm too, so: several short ones.
            scenario.Slice(length / 10, thrownAway);
            thrownAway.QuantileNs(0.95);
        }
        while (scenario.Pins
            ? ThreadTime.SpentNanoseconds() < until && Stopwatch.GetElapsedTime(started) < length * WarmUpStretch
            : Stopwatch.GetElapsedTime(started) < length);
    }

    private static void Answer(Scenario scenario)
    {
        var slice = new FineHistogram();
        var total = new FineHistogram();
        while (Console.In.ReadLine() is { } line && line != "quit")
        {
            if (line.StartsWith("slice ", StringComparison.Ordinal))
            {
                slice.Clear();
                scenario.Slice(TimeSpan.FromMilliseconds(int.Parse(line.AsSpan(6), CultureInfo.InvariantCulture)), slice);
                total.Add(slice);
                Say(JsonSerializer.Serialize(
                    new SliceMessage { Count = slice.Count, P50 = slice.QuantileNs(0.50), P95 = slice.QuantileNs(0.95) },
                    ProtocolJson.Default.SliceMessage));
                continue;
            }

            Say(line switch
            {
                "allocation" => JsonSerializer.Serialize(scenario.Allocation(), ProtocolJson.Default.AllocationMessage),
                "calibrate" => JsonSerializer.Serialize(Calibration.Measure(), ProtocolJson.Default.CalibrationMessage),
                "total" => JsonSerializer.Serialize(
                    new TotalMessage { MaxNs = total.MaxNs, Buckets = total.ToPairs() }, ProtocolJson.Default.TotalMessage),
                _ => throw new InvalidDataException($"the gate asked for '{line}', which this worker does not know"),
            });
        }
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
