using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>A program started by the load test, stopped at the latest when the load test ends.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int TailLines = 40;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly Queue<string> _tail = new();

    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Working folder.</param>
    public ChildProcess(IReadOnlyList<string> command, string folder)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = Process.Start(start) ?? throw new StartException($"{command[0]} did not start");
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>True when it has ended on its own.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The last lines it printed.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Asks it to stop, and after 8 s makes it.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, SigTerm);
            if (!_process.WaitForExit(TimeSpan.FromSeconds(8)))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

    private void OnExit(object? sender, EventArgs arguments) => _process.Kill();

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        lock (_tail)
        {
            _tail.Enqueue(line.Data ?? string.Empty);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

/// <summary>A program did not start or did not become ready; the message says what to do.</summary>
internal sealed class StartException(string message) : Exception(message);
