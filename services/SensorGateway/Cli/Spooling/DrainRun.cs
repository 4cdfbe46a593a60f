using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Configuration;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Cli.Spooling;

/// <summary><c>spool drain</c>: sends what a stopped gateway left.</summary>
internal sealed class DrainRun(CliConsole console, GatewayOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <exception cref="CommandException">A gateway has the spool, or NATS takes nothing.</exception>
    public async Task<int> RunAsync(bool json, CancellationToken cancel)
    {
        var folder = options.Spool!.Folder;
        if (!Directory.Exists(folder))
        {
            throw new CommandException(
                ExitCodes.BadInput, $"{Printable.Whole(folder)}: there is no such folder; name that of publishing.spool.path.");
        }

        using var drain = Open();
        string? fault = null;
        drain.Start((role, failure) => Volatile.Write(ref fault, $"{role}: {failure.Message}"));
        var trouble = await WaitAsync(drain, () => Volatile.Read(ref fault), cancel).ConfigureAwait(false);
        Report(drain, folder, json);
        return trouble is null
            ? drain.Lost == 0 ? ExitCodes.Success : ExitCodes.Negative
            : throw new CommandException(ExitCodes.BadEnvironment, $"{trouble} What is not sent stays in the spool.");
    }

    private SpoolDrain Open()
    {
        try
        {
            return new SpoolDrain(options, NullLoggerFactory.Instance);
        }
        catch (SpoolException taken)
        {
            throw new CommandException(ExitCodes.BadEnvironment, $"{taken.Message}.");
        }
    }

    /// <summary>Null when everything is out; else why not.</summary>
    private async Task<string?> WaitAsync(SpoolDrain drain, Func<string?> fault, CancellationToken cancel)
    {
        var progress = new Progress(console, "sent");
        var (left, since) = (long.MaxValue, Stopwatch.GetTimestamp());
        while (!drain.IsDone)
        {
            if (fault() is { } died)
            {
                return $"A worker died ({died}).";
            }

            if (cancel.IsCancellationRequested)
            {
                return "Interrupted.";
            }

            // To go on would empty the spool into nothing.
            if (drain.LostBy.ContainsKey(AlertDropReason.SubjectForbidden))
            {
                return "The server does not let this user publish to the subjects of these alerts; those it has refused are lost.";
            }

            if (drain.LostBy.ContainsKey(AlertDropReason.StreamRejected))
            {
                return "The stream refuses these alerts; those it has refused are lost.";
            }

            if (drain.Left != left)
            {
                (left, since) = (drain.Left, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                var reason = drain.Trouble ?? drain.Spool.LastError ?? "nobody says why";
                return $"Nothing has gone out for {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s "
                    + $"({Printable.Whole(reason)}).";
            }

            progress.Report(drain.Found == 0 ? 0 : (double)drain.Sent / drain.Found);
            await Task.Delay(Step, CancellationToken.None).ConfigureAwait(false);
        }

        progress.Done();
        return null;
    }

    private void Report(SpoolDrain drain, string folder, bool json)
    {
        var result = new SpoolDrained(folder, drain.Found, drain.Sent, drain.Lost, drain.Left);
        console.Out.WriteLine(json
            ? JsonSerializer.Serialize(result, SpoolJson.Default.SpoolDrained)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Printable.Whole(folder)}: {result.Found:N0} alerts found = {result.Sent:N0} sent + {result.Lost:N0} lost + {result.Left:N0} left"));
    }
}
