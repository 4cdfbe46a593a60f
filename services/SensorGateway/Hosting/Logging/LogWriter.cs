using System.Threading.Channels;

namespace SensorGateway.Hosting.Logging;

/// <summary>Writes log lines from a thread of its own: a full pipe must not stop a payload.</summary>
internal sealed class LogWriter : IDisposable
{
    private const int LinesMax = 4096;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(LinesMax) { SingleReader = true });
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
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Writes what is queued, for at most a second.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _thread.Join(DrainTimeout);
    }

    private void Run()
    {
        var reader = _lines.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out var line))
            {
                _output.WriteLine(line);
            }

            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            {
                _output.WriteLine($"{lost} log lines were lost: whoever reads this log is too slow.");
            }

            _output.Flush();
        }
    }
}
