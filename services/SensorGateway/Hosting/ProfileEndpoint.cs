using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using SensorGateway.Profiling;
using SensorGateway.Profiling.Sessions;

namespace SensorGateway.Hosting;

/// <summary><c>/debug/profile?seconds=30</c>: a .nettrace of this process, streamed while it is recorded.</summary>
/// <remarks>A trace tells much of what a process does, and taking one costs it speed: this machine's users only.</remarks>
internal sealed class ProfileEndpoint(IPEndPoint listen, CancellationToken stopping)
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/debug/profile";

    private const int SecondsDefault = 30;
    private const int SecondsMax = 120;

    private int _busy;

    /// <summary>Answers one request; a second one meanwhile is refused.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (!IPAddress.IsLoopback(listen.Address))
        {
            await RefuseAsync(
                context,
                StatusCodes.Status403Forbidden,
                $"profiles are given on loopback only; set telemetry.listen to 127.0.0.1:{listen.Port}, or run "
                    + "sensor-gateway flamegraph on the machine").ConfigureAwait(false);
            return;
        }

        if (!TryReadSeconds(context.Request.Query["seconds"], out var seconds))
        {
            await RefuseAsync(
                context,
                StatusCodes.Status400BadRequest,
                $"seconds must be a whole number from 1 to {SecondsMax}, as in {Path}?seconds={SecondsDefault}")
                .ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            Announce(context);
            return;
        }

        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            await RefuseAsync(
                context,
                StatusCodes.Status409Conflict,
                $"another profile is being taken; try again in at most {SecondsMax} s").ConfigureAwait(false);
            return;
        }

        try
        {
            await RecordAsync(context, TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private async Task RecordAsync(HttpContext context, TimeSpan duration)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using var session = await ProfileSession.StartAsync(Environment.ProcessId, ending.Token)
                .ConfigureAwait(false);
            Announce(context);
            await ProfileSession.CopyAsync(session, context.Response.Body, duration, ending.Token)
                .ConfigureAwait(false);
        }
        catch (ProfileException failure)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, failure.Message).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            context.Abort(); // The reader left, or the gateway stops: an end in good order would look like a whole trace.
        }
    }

    private static bool TryReadSeconds(string? text, out int seconds)
    {
        seconds = SecondsDefault;
        return text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                && seconds is >= 1 and <= SecondsMax);
    }

    private static void Announce(HttpContext context)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"sensor-gateway-{Environment.ProcessId}.nettrace\"";
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason) =>
        TelemetryServer.WriteAsync(context, status, $"{reason}\n");
}
