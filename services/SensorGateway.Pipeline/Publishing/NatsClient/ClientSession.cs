using System.Net;
using NATS.Client.Core;
using SensorGateway.Nats;
using SensorGateway.Nats.Connection;
using Client = NATS.Client.Core.NatsConnection;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>One connection of the client library, from its login to its loss.</summary>
/// <remarks>
/// The library would reconnect by itself and then send what its buffers still hold, behind which our resends would
/// come out of order. So a lost session is closed, and the next one starts with empty buffers.
/// Publishing belongs to the holder of the publish baton; everything else to any thread.
/// </remarks>
internal sealed class ClientSession : IAsyncDisposable
{
    private const string Broke = "the connection broke";

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly Client _client;
    private readonly ClientSocket _socket;
    private readonly DialLog _dialLog = new();
    private readonly Action _attend;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _pending; // A publish that waits for room in the library's buffer.

    private ClientSession(DialTerms terms, NatsOptions options, IPAddress[] addresses, ClientTls tls, Action attend)
    {
        _attend = attend;
        _socket = new ClientSocket(terms, addresses, () => Fail(Broke));
        _client = new Client(ClientLogin.OptionsFor(terms, options, () => _client?.ServerInfo?.Nonce) with
        {
            TlsOpts = tls.Options,
            SocketConnectionFactory = _socket,
            LoggerFactory = _dialLog,
        });
        _client.ConnectionDisconnected += (_, _) =>
        {
            Fail(Broke);
            return default;
        };
    }

    /// <summary>Ends with the reason when the session is of no more use.</summary>
    public Task<string> Lost => _lost.Task;

    public bool IsLost => _lost.Task.IsCompleted;

    /// <summary>Largest message the server takes, in bytes.</summary>
    public int MaxPayloadBytes => _client.ServerInfo?.MaxPayload ?? int.MaxValue;

    /// <summary>Dials one server and logs in.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="options">Who we are, and limits.</param>
    /// <param name="attend">Called when a publish that had to wait is through, and when the session is lost.</param>
    /// <param name="serverComplained">Called with each -ERR after the login.</param>
    /// <exception cref="SensorGateway.Nats.NatsException">There is no login; the message says why.</exception>
    public static async Task<ClientSession> OpenAsync(
        NatsEndpoint endpoint, NatsOptions options, Action attend, Action<NatsServerErrorEventArgs> serverComplained)
    {
        var terms = DialTerms.For(endpoint, options.Credentials, options.Tls);
        var addresses = await ClientSocket.ResolveAsync(terms).ConfigureAwait(false);
        using var tls = new ClientTls(terms);
        var session = new ClientSession(terms, options, addresses, tls, attend);
        try
        {
            await session._client.ConnectAsync().ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw ClientLogin.Explain(
                session._dialLog.Reason ?? problem, terms, tls, session._client.ServerInfo, options.ConnectTimeout);
        }

        // Not earlier: a complaint about the login comes a second time, later than the exception and without a cure.
        session._client.ServerError += (_, error) =>
        {
            serverComplained(error);
            return default;
        };
        return session;
    }

    /// <summary>Hands one message to the library.</summary>
    /// <returns>False when it must wait for room: then <see cref="TryFinishPending"/> comes next.</returns>
    /// <exception cref="NatsPayloadTooLargeException">The server has just lowered its limit.</exception>
    public bool TryPublish(string subject, ReadOnlyMemory<byte> payload)
    {
        try
        {
            var publish = _client.PublishAsync(
                subject, payload, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
            if (publish.IsCompletedSuccessfully)
            {
                publish.GetAwaiter().GetResult();
                return true;
            }

            _pending = publish.AsTask();
            _pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_attend);
            return false;
        }
        catch (Exception problem) when (problem is not NatsPayloadTooLargeException)
        {
            Fail(problem.Message);
            return false;
        }
    }

    /// <summary>How a publish that had to wait went on; null while it waits or when none does.</summary>
    public bool? TryFinishPending()
    {
        if (_pending is not { IsCompleted: true } done)
        {
            return null;
        }

        _pending = null;
        if (!done.IsCompletedSuccessfully)
        {
            Fail(done.Exception?.GetBaseException().Message ?? "a publish was cancelled");
        }

        return done.IsCompletedSuccessfully;
    }

    /// <summary>True while a publish waits for room.</summary>
    public bool IsBlocked => _pending is not null;

    /// <summary>Sends a PING behind everything published so far; the answer proves that the server has read it all.</summary>
    public async void Fence(LogMark mark, Action<LogMark> confirmed)
    {
        try
        {
            await _client.PingAsync().ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            Fail($"no answer to PING: {problem.Message}");
            return;
        }

        confirmed(mark);
    }

    /// <summary>Declares the session lost; the first reason stays.</summary>
    public void Fail(string reason)
    {
        if (_lost.TrySetResult(reason))
        {
            _attend();
        }
    }

    /// <summary>Closes the socket; gives up waiting for the library after two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _lost.TrySetResult("closed");
        try
        {
            await _client.DisposeAsync().AsTask().WaitAsync(CloseLimit).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is of no more use either way, and the reason of its loss is known.
        }

        await _socket.DisposeAsync().ConfigureAwait(false); // The library may still wait for it, to end TLS properly.
    }
}
