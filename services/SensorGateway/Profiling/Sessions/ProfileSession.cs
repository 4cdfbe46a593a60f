using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace SensorGateway.Profiling.Sessions;

/// <summary>Records a .nettrace of a process through its diagnostics port.</summary>
internal static class ProfileSession
{
    private const int RuntimeBufferMebibytes = 64;

    // GC, Loader, Jit, NGen, Exception, Threading: what a reader of samples asks next.
    private const long RuntimeKeywords = 0x1 | 0x8 | 0x10 | 0x20 | 0x8000 | 0x10000;

    private static readonly EventPipeProvider[] Providers =
    [
        new("Microsoft-DotNETCore-SampleProfiler", EventLevel.Informational),
        new("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, RuntimeKeywords),
        new(ProfileEvents.ProviderName, EventLevel.Informational, -1),
    ];

    /// <summary>Opens a session; samples are taken from now on.</summary>
    /// <exception cref="ProfileException">The process cannot be traced; the message says why and what to do.</exception>
    public static async Task<EventPipeSession> StartAsync(int processId, CancellationToken cancel)
    {
        try
        {
            var configuration = new EventPipeSessionConfiguration(
                Providers, RuntimeBufferMebibytes, requestRundown: true, requestStackwalk: true);
            return await new DiagnosticsClient(processId).StartEventPipeSessionAsync(configuration, cancel)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DiagnosticsClientException or IOException
            or UnauthorizedAccessException or System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new ProfileException(
                $"process {processId} cannot be traced ({Reason(failure)}); its diagnostics port must be open: same "
                    + "user and TMPDIR, and not DOTNET_EnableDiagnostics=0",
                failure);
        }
    }

    /// <summary>Copies a session into a stream for some time, ends it, and copies the names of methods that follow.</summary>
    /// <remarks>
    /// Cancelling ends the copy at once; disposing the session then ends it in the runtime. What waits for a slow reader
    /// is bounded by the runtime's buffer.
    /// </remarks>
    public static async Task CopyAsync(EventPipeSession session, Stream target, TimeSpan duration, CancellationToken cancel)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var copying = session.EventStream.CopyToAsync(target, cancel);
        await Task.WhenAny(copying, Task.Delay(duration, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        if (!copying.IsCompleted)
        {
            await StopAsync(session, cancel).ConfigureAwait(false);
        }

        await copying.ConfigureAwait(false);
    }

    private static async Task StopAsync(EventPipeSession session, CancellationToken cancel)
    {
        try
        {
            // Asked while the copy goes on: the runtime answers only when its last events have been read.
            await session.StopAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DiagnosticsClientException or IOException
            or ObjectDisposedException)
        {
            // The process has ended, and the session with it.
        }
    }

    private static string Reason(Exception failure) =>
        failure.GetBaseException().Message.Split('\n')[0].TrimEnd('.', '\r');
}
