using System.Globalization;
using SensorGateway.Configuration;
using SensorGateway.Profiling;
using SensorGateway.Profiling.Graphs;
using SensorGateway.Profiling.Perf;
using SensorGateway.Profiling.Sessions;
using SensorGateway.Profiling.Traces;

namespace SensorGateway.Cli.Flamegraphs;

/// <summary>Records or reads, then draws.</summary>
internal sealed class FlamegraphRun(CliConsole console)
{
    private static readonly TimeSpan ProgressStep = TimeSpan.FromMilliseconds(250);

    /// <exception cref="CommandException">Wrong usage 64, a bad file 66, a process that cannot be recorded 4.</exception>
    public async Task<int> RunAsync(FlamegraphRequest request, CancellationToken cancel)
    {
        if (request.Problem() is { } problem)
        {
            throw new CommandException(ExitCodes.Usage, $"sensor-gateway: {problem}; see sensor-gateway flamegraph --help.");
        }

        var before = request.Other is { } other ? Read(other, []) : null;
        var profile = request.File is { } file
            ? Read(file, [])
            : await RecordAsync(request, request.ProcessId!.Value, cancel).ConfigureAwait(false);
        if (profile.Tree.Root.Samples == 0)
        {
            throw new CommandException(
                ExitCodes.BadInput, $"all {profile.Parked} samples are of waiting threads; record while there is work.");
        }

        Write(request.Output, FlameGraphSvg.Draw(Title(request), profile, before));
        var parked = profile.Parked == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {profile.Parked} of waiting threads left out");
        await console.Out.WriteLineAsync(
            $"{request.Output}: {profile.Tree.Root.Samples} samples{parked}; open it in a browser.").ConfigureAwait(false);
        return ExitCodes.Success;
    }

    private static Profile Read(string file, Dictionary<int, string> threads)
    {
        try
        {
            return TraceReader.Read(file, threads);
        }
        catch (ProfileException failure)
        {
            throw new CommandException(ExitCodes.BadInput, $"{failure.Message}.");
        }
    }

    private async Task<Profile> RecordAsync(FlamegraphRequest request, int process, CancellationToken cancel)
    {
        var progress = new Progress(console, "flamegraph");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reporting = ReportAsync(progress, request.Duration, done.Token);
        try
        {
            return request.Perf
                ? await PerfRecording.RecordAsync(process, request.Duration, request.Keep, cancel).ConfigureAwait(false)
                : await TraceAsync(request, process, cancel).ConfigureAwait(false);
        }
        catch (ProfileException failure)
        {
            throw new CommandException(ExitCodes.BadEnvironment, $"{failure.Message}.");
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await reporting.ConfigureAwait(false);
            progress.Done();
        }
    }

    private static async Task<Profile> TraceAsync(FlamegraphRequest request, int process, CancellationToken cancel)
    {
        var threads = KernelThreads.NamesOf(process);
        var trace = request.Keep ?? Path.GetTempFileName();
        try
        {
            var file = Create(trace);
            await using (file.ConfigureAwait(false))
            {
                using var session = await ProfileSession.StartAsync(process, cancel).ConfigureAwait(false);
                await ProfileSession.CopyAsync(session, file, request.Duration, cancel).ConfigureAwait(false);
            }

            return Read(trace, threads);
        }
        finally
        {
            if (request.Keep is null)
            {
                File.Delete(trace);
            }
        }
    }

    private static FileStream Create(string file)
    {
        try
        {
            return File.Create(file);
        }
        catch (Exception failure) when (IsOfFiles(failure))
        {
            throw new CommandException(ExitCodes.BadInput, $"{file}: {FileFailure.Reason(failure)}; choose another file.");
        }
    }

    private static void Write(string file, string svg)
    {
        try
        {
            File.WriteAllText(file, svg);
        }
        catch (Exception failure) when (IsOfFiles(failure))
        {
            throw new CommandException(ExitCodes.BadInput, $"{file}: {FileFailure.Reason(failure)}; choose another file.");
        }
    }

    private static bool IsOfFiles(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static async Task ReportAsync(Progress progress, TimeSpan duration, CancellationToken done)
    {
        for (var waited = TimeSpan.Zero; !done.IsCancellationRequested; waited += ProgressStep)
        {
            progress.Report(Math.Min(1, waited / duration));
            await Task.Delay(ProgressStep, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Title(FlamegraphRequest request)
    {
        var subject = request.File is { } file ? Path.GetFileName(file) : $"process {request.ProcessId}";
        return request.Other is { } other ? $"{subject} against {Path.GetFileName(other)}" : subject;
    }
}
