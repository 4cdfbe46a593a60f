using System.Collections.Concurrent;

namespace SensorGateway.Hosting.Logging;

/// <summary>Writes log lines from a thread of its own: a full pipe must not stop a payload.</summary>
internal sealed class LogWriter : IDisposable
{
    private const int LinesMax = 4096;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<string> _lines = new(LinesMax);
    private readonly TextWriter _output;
    private readonly Thread _thread;
    private long _lost;

    public LogWriter(TextWriter output)
    {
        _output = output;
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Queues a line; one too many is counted and never waits.</summary>
    public void Write(string line)
    {
        if (_lines.IsAddingCompleted || !_lines.TryAdd(line))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Writes what is queued, for at most two seconds.</summary>
    public void Dispose()
    {
        _lines.CompleteAdding();
        if (_thread.Join(DrainTimeout))
        {
            _lines.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            foreach (var line in _lines.GetConsumingEnumerable())
            {
                _output.WriteLine(line);
                if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                {
                    _output.WriteLine($"{lost} log lines were lost: whoever reads this log is too slow.");
                }
            }

            _output.Flush();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Nobody reads the log any more; that must not end the gateway. Later lines are counted as lost.
        }
    }
}
