using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary>What a process's runtime says of itself while it is watched: collections, pauses, compilations, allocation.</summary>
internal sealed class RuntimeWatch : IDisposable
{
    private const long CollectNow = 0x800000; // The keyword at whose enabling the runtime collects, all generations.

    private readonly int _process;
    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _source;
    private readonly Task _reading;
    private double _pauseFrom;

    public RuntimeWatch(int process)
    {
        _process = process;
        const ClrTraceEventParser.Keywords keywords = ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.Jit;
        _session = new DiagnosticsClient(process).StartEventPipeSession(
            [
                new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, (long)keywords),
                new EventPipeProvider("SensorGateway-Profile", EventLevel.Informational, -1),
            ],
            requestRundown: false);
        _source = new EventPipeEventSource(_session.EventStream);
        _source.Clr.GCStart += start => Collections.Add(start.Depth);
        _source.Clr.GCSuspendEEStart += pause => _pauseFrom = pause.TimeStampRelativeMSec;
        _source.Clr.GCRestartEEStop += resumed => PausesMs.Add(resumed.TimeStampRelativeMSec - _pauseFrom);
        _source.Clr.MethodJittingStarted += jit => Compiled.Add((jit.ThreadID, $"{jit.MethodNamespace}.{jit.MethodName}"));
        _source.Clr.GCAllocationTick += tick => Allocated.Add((tick.ThreadID, tick.TypeName));
        _source.Dynamic.All += named =>
        {
            if (named.ProviderName == "SensorGateway-Profile" && named.PayloadByName("threadId") is int thread)
            {
                Threads[thread] = (string)named.PayloadByName("name");
            }
        };
        _reading = Task.Run(_source.Process);
    }

    /// <summary>Names by thread.</summary>
    public ConcurrentDictionary<int, string> Threads { get; } = new();

    /// <summary>Generation of each collection.</summary>
    public ConcurrentBag<int> Collections { get; } = [];

    /// <summary>How long all threads stood still, each time.</summary>
    public ConcurrentBag<double> PausesMs { get; } = [];

    /// <summary>Methods whose compilation began, with the thread that did it.</summary>
    public ConcurrentBag<(int Thread, string Name)> Compiled { get; } = [];

    /// <summary>One entry for about each 100 KB allocated, with the type of the last object.</summary>
    public ConcurrentBag<(int Thread, string Name)> Allocated { get; } = [];

    /// <summary>Makes the process collect everything.</summary>
    public void Collect()
    {
        using var session = new DiagnosticsClient(_process).StartEventPipeSession(
            [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectNow)], requestRundown: false);
        session.Stop();
    }

    /// <summary>Waits until all events up to now have come.</summary>
    public async Task StopAsync()
    {
        await _session.StopAsync(CancellationToken.None);
        await _reading;
    }

    public void Dispose()
    {
        _source.Dispose();
        _session.Dispose();
    }
}
