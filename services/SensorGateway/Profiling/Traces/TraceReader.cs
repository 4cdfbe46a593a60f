using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;
using SensorGateway.Configuration;
using SensorGateway.Profiling.Graphs;
using SensorGateway.Profiling.Sessions;

namespace SensorGateway.Profiling.Traces;

/// <summary>Reads the samples of a .nettrace.</summary>
internal sealed class TraceReader
{
    /// <summary>What its samples mean.</summary>
    public const string Kind = "thread time, sampled by EventPipe at safepoints";

    private const string SampleProvider = "Microsoft-DotNETCore-SampleProfiler";
    private const int FramesMax = 500;
    private const long FileBytesMax = 2L << 30;

    private readonly Dictionary<int, string> _threads;
    private readonly Dictionary<CodeAddressIndex, string> _names = [];
    private readonly List<string> _stack = [];
    private readonly StackTree _tree = new();
    private long _parked;

    private TraceReader(IReadOnlyDictionary<int, string> threads) => _threads = new Dictionary<int, string>(threads);

    /// <summary>Reads a whole file.</summary>
    /// <param name="file">The .nettrace.</param>
    /// <param name="threads">Names by thread number, for traces that do not tell them.</param>
    /// <exception cref="ProfileException">It is missing, damaged, or holds no samples.</exception>
    public static Profile Read(string file, IReadOnlyDictionary<int, string> threads)
    {
        RequireTrace(file);
        var folder = Directory.CreateTempSubdirectory("sensor-gateway-trace-");
        try
        {
            return new TraceReader(threads).Read(file, Path.Combine(folder.FullName, "trace.etlx"));
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or ProfileException))
        {
            // The library throws whatever its parsing stumbles over: the file is not to be trusted, the process is sound.
            throw new ProfileException(
                $"{file}: is damaged ({Printable.Short(failure.Message)}); record it again", failure);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void RequireTrace(string file)
    {
        var head = new byte[8];
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > FileBytesMax)
            {
                throw new ProfileException($"{file}: is larger than {FileBytesMax >> 20} MiB; record fewer seconds");
            }

            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
                || !head.AsSpan().SequenceEqual("Nettrace"u8))
            {
                throw new ProfileException(
                    $"{file}: is not a .nettrace; record one with /debug/profile, --keep-trace or dotnet-trace");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new ProfileException($"{file}: {FileFailure.Reason(failure)}; name a .nettrace file", failure);
        }
    }

    private Profile Read(string file, string converted)
    {
        TraceLog.CreateFromEventPipeDataFile(file, converted, new TraceLogOptions { ConversionLog = TextWriter.Null });
        using var log = new TraceLog(converted);
        foreach (var named in log.Events.Where(static one => one.ProviderName == ProfileEvents.ProviderName))
        {
            NameThread(named);
        }

        foreach (var sample in log.Events.Where(static one => one.ProviderName == SampleProvider))
        {
            Count(sample);
        }

        return _tree.Root.Samples + _parked > 0
            ? new Profile(_tree, _parked, Kind)
            : throw new ProfileException(
                $"{file}: holds no samples; record it with the provider {SampleProvider}, as /debug/profile does");
    }

    private void NameThread(TraceEvent named)
    {
        if (named.PayloadByName(ProfileEvents.ThreadField) is int thread
            && named.PayloadByName(ProfileEvents.NameField) is string name)
        {
            _threads[thread] = FrameNames.Short(name);
        }
    }

    private void Count(TraceEvent sample)
    {
        _stack.Clear();
        for (var frame = sample.CallStack(); frame is not null && _stack.Count < FramesMax; frame = frame.Caller)
        {
            var name = NameOf(frame.CodeAddress);
            if (name.Length > 0 && !(_stack.Count == 0 && ParkedFrames.IsOfTheProfiler(name)))
            {
                _stack.Add(name);
            }
        }

        if (_stack.Count == 0 || ParkedFrames.IsWaiting(_stack[0]))
        {
            _parked++;
            return;
        }

        _stack.Add(ThreadName(sample.ThreadID));
        _stack.Reverse();
        _tree.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_stack));
    }

    private string ThreadName(int thread) => _threads.TryGetValue(thread, out var name) ? name : $"thread {thread}";

    private string NameOf(TraceCodeAddress address)
    {
        if (!_names.TryGetValue(address.CodeAddressIndex, out var name))
        {
            var full = address.FullMethodName;
            _names.Add(address.CodeAddressIndex, name = full.Length == 0 ? "" : FrameNames.OfManaged(full));
        }

        return name;
    }
}
