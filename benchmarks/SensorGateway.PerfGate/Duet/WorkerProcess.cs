using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.PerfGate.Duet;

/// <summary>One scenario of one build as a process that measures when it is told to, and sleeps otherwise.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int TailChars = 2_000;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly string _what;

    private WorkerProcess(Build build, params string[] args)
    {
        _what = $"{string.Join(' ', args.Take(2))} of {build.Name}";
        if (!File.Exists(build.Program))
        {
            throw new WorkerException($"{build.Program} is not there; build benchmarks/SensorGateway.Benchmarks of {build.Name} in Release");
        }

        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [build.Program, .. args])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>What a build can run.</summary>
    /// <exception cref="WorkerException">It does not say.</exception>
    public static IReadOnlyList<ScenarioInfo> List(Build build)
    {
        using var worker = new WorkerProcess(build, "scenarios");
        var scenarios = new List<ScenarioInfo>();
        while (worker.ReadLine() is { } line)
        {
            scenarios.Add(worker.Parse(line, ProtocolJson.Default.ScenarioInfo));
        }

        return scenarios.Count > 0 ? scenarios : throw worker.Fault("it lists no scenarios");
    }

    /// <summary>Starts a worker; it warms up meanwhile.</summary>
    /// <param name="build">Of which build.</param>
    /// <param name="scenario">A name from <see cref="List"/>.</param>
    /// <param name="cpu">Where its measuring thread is pinned; null for anywhere.</param>
    /// <param name="warmUp">How long it works unmeasured.</param>
    public static WorkerProcess Start(Build build, string scenario, int? cpu, TimeSpan warmUp)
    {
        List<string> args = ["scenario", scenario, "--warm-up-ms", Text(warmUp.TotalMilliseconds)];
        if (cpu is { } index)
        {
            args.AddRange(["--cpu", Text(index)]);
        }

        if (build.InjectPercent > 0)
        {
            args.AddRange(["--inject", Text(build.InjectPercent)]);
        }

        return new WorkerProcess(build, [.. args]);
    }

    /// <summary>Waits until it is warm.</summary>
    public ReadyMessage WaitUntilReady()
    {
        var ready = Parse(ReadLine() ?? throw Fault("it ended before it was ready"), ProtocolJson.Default.ReadyMessage);
        return ready.Protocol == ScenarioInfo.ProtocolVersion
            ? ready
            : throw Fault($"it speaks protocol {ready.Protocol}, this gate {ScenarioInfo.ProtocolVersion}; compare with a newer build");
    }

    /// <summary>Measures for this long.</summary>
    public SliceMessage Slice(int milliseconds) => Ask("slice " + Text(milliseconds), ProtocolJson.Default.SliceMessage);

    /// <summary>Everything measured so far.</summary>
    public FineHistogram Total()
    {
        var total = Ask("total", ProtocolJson.Default.TotalMessage);
        return FineHistogram.FromPairs(total.Buckets, total.MaxNs);
    }

    /// <summary>Bytes of a fixed list of operations.</summary>
    public AllocationMessage Allocation() => Ask("allocation", ProtocolJson.Default.AllocationMessage);

    /// <summary>The machine's own speed.</summary>
    public CalibrationMessage Calibrate() => Ask("calibrate", ProtocolJson.Default.CalibrationMessage);

    /// <summary>Asks it to quit, and makes it when it does not: with whatever it has started.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(QuitLimit))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private TMessage Ask<TMessage>(string request, JsonTypeInfo<TMessage> type)
    {
        try
        {
            _process.StandardInput.WriteLine(request);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Fault($"it ended before '{request}'");
        }

        return Parse(ReadLine() ?? throw Fault($"it ended during '{request}'"), type);
    }

    private string? ReadLine()
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            return _process.StandardOutput.ReadLineAsync(limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw Fault($"it did not answer within {AnswerLimit.TotalSeconds:F0}s");
        }
    }

    private TMessage Parse<TMessage>(string line, JsonTypeInfo<TMessage> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw Fault("it answered null");
        }
        catch (JsonException)
        {
            throw Fault($"it answered '{line}', which is not the protocol");
        }
    }

    private WorkerException Fault(string problem)
    {
        _process.WaitForExit(TimeSpan.FromSeconds(1)); // Its last words come a moment after its end.
        lock (_errors)
        {
            var words = _errors.ToString().Trim();
            var tail = words.Length > TailChars ? words[^TailChars..] : words;
            return new WorkerException($"{_what}: {problem}{(tail.Length > 0 ? $". It said:\n{tail}" : "")}");
        }
    }
}

/// <summary>A worker could not measure; the message says which and why.</summary>
internal sealed class WorkerException(string message) : Exception(message);
