using System.Diagnostics;
using System.Text;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>The program as a user starts it: a process with arguments, two streams and an exit code.</summary>
internal sealed class GatewayCommand : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private GatewayCommand(string folder, string[] args, params (string Name, string Value)[] environment)
        : this("dotnet", [Path.Combine(AppContext.BaseDirectory, "sensor-gateway.dll"), .. args], folder, environment)
    {
    }

    private GatewayCommand(
        string program, string[] args, string folder, params (string Name, string Value)[] environment)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, args)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in environment)
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.OutputDataReceived += (_, line) => Append(_out, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Out => Text(_out);

    public string Error => Text(_error);

    /// <summary>Starts the program and returns at once.</summary>
    public static GatewayCommand Start(string folder, params string[] args) => new(folder, args);

    /// <summary>As <see cref="Start"/>, with one more environment variable.</summary>
    public static GatewayCommand StartWith((string Name, string Value) variable, string folder, params string[] args) =>
        new(folder, args, variable);

    /// <summary>Starts any program, such as another build of the gateway, and returns at once.</summary>
    public static GatewayCommand StartProgram(
        string program, string folder, string[] args, params (string Name, string Value)[] environment) =>
        new(program, args, folder, environment);

    /// <summary>As <see cref="Run"/>, with one more environment variable.</summary>
    public static (int ExitCode, string Out, string Error) RunWith(
        (string Name, string Value) variable, string folder, params string[] args)
    {
        using var command = new GatewayCommand(folder, args, variable);
        return (command.WaitForExit(), command.Out, command.Error);
    }

    /// <summary>Runs the program to its end.</summary>
    public static (int ExitCode, string Out, string Error) Run(string folder, params string[] args)
    {
        using var command = new GatewayCommand(folder, args);
        return (command.WaitForExit(), command.Out, command.Error);
    }

    /// <summary>Waits until stderr holds a text.</summary>
    public void WaitForError(string text) => Wait(() => Error.Contains(text, StringComparison.Ordinal), $"stderr never said '{text}'");

    /// <summary>Waits until something holds; fails with what the program printed.</summary>
    public void Wait(Func<bool> condition, string complaint)
    {
        var from = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.False(_process.HasExited && !condition(), $"{complaint}, and the program has ended with {(_process.HasExited ? _process.ExitCode : 0)}:\n{Error}{Out}");
            Assert.True(Stopwatch.GetElapsedTime(from) < Limit, $"{complaint}:\n{Error}{Out}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Ends it at once, as the kernel does when memory runs out.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, as systemd does.</summary>
    public void Terminate() => Signals.Send(_process.Id, Signals.Terminate);

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Limit), $"the program does not end:\n{Error}{Out}");
        _process.WaitForExit(); // Both streams read to their end.
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true); // A script leaves nothing running either.
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
