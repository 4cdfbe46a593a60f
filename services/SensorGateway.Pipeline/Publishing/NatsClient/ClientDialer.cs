using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>Dials the servers in turn for ever, one session at a time, on the thread pool.</summary>
internal sealed class ClientDialer(
    NatsOptions options, int index, Action attend, ClientCounters counters, ILogger log) : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private ClientSession? _offered;
    private ClientSession? _open;
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(DialForEverAsync);

    /// <summary>The session that came since the last call, if one did.</summary>
    public ClientSession? TryTakeSession() =>
        Volatile.Read(ref _offered) is null ? null : Interlocked.Exchange(ref _offered, null);

    public void Dispose()
    {
        _stop.Cancel();
        Volatile.Read(ref _open)?.Fail("closed");
        if (_loop.Wait(StopLimit))
        {
            _stop.Dispose();
        }

        counters.NoteDown("closed", null);
    }

    private async Task DialForEverAsync()
    {
        var attempts = 0;
        for (var turn = index; !_stop.IsCancellationRequested; turn++)
        {
            var endpoint = options.Servers[turn % options.Servers.Length];
            try
            {
                var session = await ClientSession.OpenAsync(endpoint, options, attend, NoteComplaint).ConfigureAwait(false);
                attempts = 0;
                await UseAsync(session, endpoint).ConfigureAwait(false);
            }
            catch (Exception problem)
            {
                // Whatever it is: a connection that stops dialling would stay down for ever.
                var text = problem is SensorGateway.Nats.NatsException ? problem.Message : $"cannot connect to {endpoint}: {problem.Message}";
                var isRefused = problem is SensorGateway.Nats.NatsException { IsRefused: true };
                counters.NoteDown(isRefused ? "refused" : "connecting", text);
                if (attempts++ == 0)
                {
                    NatsClientLog.CannotConnect(log, index, text);
                }

                await PauseAsync(attempts, isRefused).ConfigureAwait(false);
            }
        }
    }

    private async Task UseAsync(ClientSession session, NatsEndpoint endpoint)
    {
        Volatile.Write(ref _open, session);
        if (_stop.IsCancellationRequested)
        {
            session.Fail("closed"); // Dispose may have looked before there was anything to see.
        }

        counters.NoteConnected(endpoint.ToString(), session.MaxPayloadBytes);
        NatsClientLog.Connected(log, index, endpoint);
        Interlocked.Exchange(ref _offered, session);
        attend();
        var reason = await session.Lost.ConfigureAwait(false);
        counters.NoteDown("connecting", $"{endpoint}: {reason}");
        attend();
        if (!_stop.IsCancellationRequested)
        {
            NatsClientLog.Lost(log, index, endpoint, reason);
        }

        await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>All servers in turn at once, then a pause that doubles; a refusal waits longest.</summary>
    private async Task PauseAsync(int attempts, bool isRefused)
    {
        var rounds = attempts / options.Servers.Length;
        if (rounds == 0)
        {
            return;
        }

        var pause = isRefused ? options.ReconnectMax : options.ReconnectMin * Math.Pow(2, Math.Min(rounds - 1, 20));
        pause = pause > options.ReconnectMax ? options.ReconnectMax : pause;
        try
        {
            // Half of it by chance: gateways that lost the same server do not come back in step.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    private void NoteComplaint(NatsServerErrorEventArgs complaint) => counters.NoteComplaint(
        complaint.Error,
        complaint.Error.StartsWith("Permissions Violation for Publish", StringComparison.OrdinalIgnoreCase));
}
