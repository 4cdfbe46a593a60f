using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using SensorGateway.Profiling.Sessions;

namespace SensorGateway.Profiling.Perf;

/// <summary>Has perf sample a process, with the runtime's own table of what lies where.</summary>
internal static class PerfRecording
{
    private const string Frequency = "997"; // A prime: never in step with timers.

    private const string Install =
        "perf is not installed; install it (Debian: apt-get install linux-perf), or leave out --perf";

    /// <summary>Records, and reads the stacks.</summary>
    /// <param name="processId">A .NET process of the same user.</param>
    /// <param name="duration">How long.</param>
    /// <param name="keep">Where perf's own file shall stay, or null.</param>
    /// <param name="cancel">Ends it early, without a result.</param>
    /// <exception cref="ProfileException">perf is missing or not allowed, or the process cannot be asked.</exception>
    public static async Task<Profile> RecordAsync(
        int processId, TimeSpan duration, string? keep, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sensor-gateway-perf-");
        try
        {
            await RunAsync(["--version"], null, cancel).ConfigureAwait(false); // Says what is missing before work begins.
            var data = keep ?? Path.Combine(folder.FullName, "perf.data");
            var threads = KernelThreads.NamesOf(processId);
            var client = new DiagnosticsClient(processId);
            SwitchMap(processId, () => client.EnablePerfMap(PerfMapType.PerfMap));
            try
            {
                string[] record =
                [
                    "record", "-q", "-g", "-F", Frequency, "-p", processId.ToString(CultureInfo.InvariantCulture),
                    "-o", data, "--", "sleep", duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                ];
                await RunAsync(record, null, cancel).ConfigureAwait(false);
            }
            finally
            {
                SwitchMap(processId, client.DisablePerfMap);
            }

            var map = JitMap.Of(processId);
            Profile? profile = null;
            await RunAsync(
                ["script", "-i", data, "-F", "comm,tid,ip,sym,dso", "--no-inline"],
                output => profile = PerfScriptReader.Read(output, threads, map),
                cancel).ConfigureAwait(false);
            return profile is { Tree.Root.Samples: > 0 }
                ? profile
                : throw new ProfileException(
                    $"perf saw process {processId} use no CPU; give it work, or record more --seconds");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void SwitchMap(int processId, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is DiagnosticsClientException or IOException
            or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            throw new ProfileException(
                $"process {processId} does not write its perf map ({failure.GetBaseException().Message.TrimEnd('.')}); "
                    + "it must be a running .NET process of the same user with an open diagnostics port",
                failure);
        }
    }

    private static async Task RunAsync(string[] arguments, Action<TextReader>? read, CancellationToken cancel)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("perf", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw new ProfileException(Install, failure);
        }

        try
        {
            var complaint = process.StandardError.ReadToEndAsync(cancel);
            read?.Invoke(process.StandardOutput);
            await process.StandardOutput.ReadToEndAsync(cancel).ConfigureAwait(false);
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new ProfileException(
                    $"perf {arguments[0]} failed with {process.ExitCode} "
                        + $"({FirstLine(await complaint.ConfigureAwait(false))}); if it is not allowed: run as root, or "
                        + "sysctl kernel.perf_event_paranoid=1");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string FirstLine(string text) => Configuration.Printable.Short(
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("no reason"));
}
