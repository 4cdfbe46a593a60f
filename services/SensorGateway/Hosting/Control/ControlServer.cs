using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SensorGateway.Hosting.Reloading;
using SensorGateway.Hosting.Status;

namespace SensorGateway.Hosting.Control;

/// <summary>Answers one request for each connection to the control socket; on the thread pool, far from the payloads.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>More are told to come again: nobody may use up memory here.</summary>
    private const int ClientsMax = 16;

    private readonly ControlSocket? _socket;
    private readonly ILogger _log;
    private readonly Func<StatusReport> _status;
    private readonly Func<string, Task<ReloadOutcome>> _reload;
    private readonly TimeSpan _requestTimeout;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _clients;

    /// <param name="socket">Listens already; disposed with this. Null: there is none, and nothing to do.</param>
    /// <param name="status">Makes a report.</param>
    /// <param name="reload">Asks for a reload.</param>
    /// <param name="log">Told of our own mistakes.</param>
    /// <param name="requestTimeout">How long a client may take to send its line and to read the answer; 5 s when null.</param>
    public ControlServer(
        ControlSocket? socket, Func<StatusReport> status, Func<string, Task<ReloadOutcome>> reload, ILogger log,
        TimeSpan? requestTimeout = null)
    {
        _log = log;
        _socket = socket;
        _status = status;
        _reload = reload;
        _requestTimeout = requestTimeout ?? TimeSpan.FromSeconds(5);
        _accepting = socket is null ? Task.CompletedTask : Task.Run(() => AcceptAsync(socket.Socket));
    }

    /// <summary>Stops answering and removes the socket's file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(client);
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // Out of descriptors, most likely: others need time to close theirs.
                await Task.Delay(100).ConfigureAwait(false);
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            var isOneTooMany = Interlocked.Increment(ref _clients) > ClientsMax;
            try
            {
                var answer = isOneTooMany
                    ? new ControlAnswer(false, "too many clients at once; try again")
                    : await AnswerAsync(client).ConfigureAwait(false);
                var line = JsonSerializer.SerializeToUtf8Bytes(answer, ControlJson.Default.ControlAnswer);
                using var limit = Limit();
                await SendAsync(client, (byte[])[.. line, (byte)'\n'], limit.Token).ConfigureAwait(false);
                client.Shutdown(SocketShutdown.Both);
            }
            catch (Exception gone) when (
                gone is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // It went away, or took too long, or the gateway stops.
            }
            catch (Exception fault)
            {
                // A mistake of ours: nobody waits for this task, so it must not go unheard.
                ReloadLog.ControlFailed(_log, fault);
            }
            finally
            {
                Interlocked.Decrement(ref _clients);
            }
        }
    }

    private async Task<ControlAnswer> AnswerAsync(Socket client)
    {
        ReadOnlyMemory<byte>? line;
        using (var limit = Limit())
        {
            line = await ReadLineAsync(client, limit.Token).ConfigureAwait(false);
        }

        if (line is null)
        {
            return new ControlAnswer(
                false, $"the request is longer than {ControlRequest.BytesMax} bytes or does not end in a line feed");
        }

        var request = ControlRequest.TryParse(line.Value, out var problem);
        if (request is null)
        {
            return new ControlAnswer(false, problem);
        }

        if (request.Command == ControlCommand.Status)
        {
            return new ControlAnswer(true, Status: _status());
        }

        var outcome = _reload("command");
        return new ControlAnswer(
            true, Reload: request.Wait ? await outcome.WaitAsync(_stop.Token).ConfigureAwait(false) : null);
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_requestTimeout);
        return limit;
    }

    /// <summary>The bytes before the first line feed; null when they are too many or end without one.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadLineAsync(Socket client, CancellationToken cancel)
    {
        var buffer = new byte[ControlRequest.BytesMax];
        for (var length = 0; length < buffer.Length;)
        {
            var got = await client.ReceiveAsync(buffer.AsMemory(length), cancel).ConfigureAwait(false);
            var end = buffer.AsSpan(length, got).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return buffer.AsMemory(0, length + end);
            }

            if (got == 0)
            {
                return null;
            }

            length += got;
        }

        return null;
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, cancel).ConfigureAwait(false)..];
        }
    }
}
