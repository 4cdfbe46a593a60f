using System.Globalization;
using System.Runtime.InteropServices;
using SensorGateway.Profiling.Graphs;
using SensorGateway.Profiling.Traces;

namespace SensorGateway.Profiling.Perf;

/// <summary>Reads what <c>perf script -F comm,tid,ip,sym,dso</c> prints: a head line per sample, then its frames.</summary>
internal static class PerfScriptReader
{
    /// <summary>What its samples mean.</summary>
    public const string Kind = "CPU time, sampled by perf";

    private const int FramesMax = 500;
    private const int LineCharsMax = 4096;

    /// <summary>Reads to the end.</summary>
    /// <param name="text">perf's output.</param>
    /// <param name="threads">Full names by thread number; perf knows 15 characters of each.</param>
    /// <param name="map">Names of compiled methods.</param>
    public static Profile Read(TextReader text, IReadOnlyDictionary<int, string> threads, JitMap map)
    {
        var tree = new StackTree();
        var stack = new List<string>();
        var thread = "";
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0)
            {
                Finish(tree, stack, thread);
            }
            else if (line[0] is not (' ' or '\t'))
            {
                Finish(tree, stack, thread);
                thread = ThreadOf(line, threads);
            }
            else if (thread.Length == 0 && TryThreadOf(line, threads) is { } name)
            {
                thread = name; // perf right-aligns the names of threads.
            }
            else if (stack.Count < FramesMax)
            {
                stack.Add(PerfFrames.NameOf(line.AsSpan(0, Math.Min(line.Length, LineCharsMax)), map));
            }
        }

        Finish(tree, stack, thread);
        return new Profile(tree, Parked: 0, Kind);

        void Finish(StackTree target, List<string> frames, string name)
        {
            if (frames.Count > 0)
            {
                frames.Add(name.Length > 0 ? name : "unknown thread");
                frames.Reverse();
                target.Add(CollectionsMarshal.AsSpan(frames));
            }

            frames.Clear();
            thread = "";
        }
    }

    private static string ThreadOf(string head, IReadOnlyDictionary<int, string> threads) =>
        TryThreadOf(head, threads) ?? FrameNames.Short(head.Trim());

    /// <summary>A head ends with the thread's number; a frame does not.</summary>
    private static string? TryThreadOf(string head, IReadOnlyDictionary<int, string> threads)
    {
        var text = head.TrimEnd().TrimEnd(':');
        var number = text.LastIndexOf(' ');
        return number > 0 && int.TryParse(text.AsSpan(number + 1), CultureInfo.InvariantCulture, out var id)
            ? threads.TryGetValue(id, out var name) ? name : FrameNames.Short(text[..number].Trim())
            : null;
    }
}
