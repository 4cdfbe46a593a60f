using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SensorGateway.Hosting.Metrics;
using SensorGateway.Hosting.Status;

namespace SensorGateway.Hosting;

/// <summary>Serves /healthz, /readyz, /metrics, /status and /debug/profile over HTTP; read-only.</summary>
internal sealed class TelemetryServer : IAsyncDisposable
{
    private const int ConnectionsMax = 100;
    private const int RequestBytesMax = 1024;

    private readonly WebApplication _app;
    private readonly string _gateway;
    private readonly SnapshotCache _snapshots;
    private readonly ProfileEndpoint _profile;

    private TelemetryServer(IPEndPoint listen, string gateway, SnapshotCache snapshots)
    {
        _gateway = gateway;
        _snapshots = snapshots;

        // The empty builder: no configuration files, no logging of its own, no environment variables that open ports.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
        });
        _app = builder.Build();
        _profile = new ProfileEndpoint(listen, _app.Lifetime.ApplicationStopping);
        _app.Run(AnswerAsync);
    }

    /// <summary>Where it really listens, <c>http://127.0.0.1:9464</c>.</summary>
    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Listens.</summary>
    /// <exception cref="CommandException">The port is taken or forbidden.</exception>
    public static async Task<TelemetryServer> StartAsync(IPEndPoint listen, string gateway, SnapshotCache snapshots)
    {
        var server = new TelemetryServer(listen, gateway, snapshots);
        try
        {
            await server._app.StartAsync().ConfigureAwait(false);
            return server;
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new CommandException(
                ExitCodes.BadEnvironment,
                $"telemetry.listen: cannot listen on {listen} ({failure.GetBaseException().Message}); free the port "
                    + $"or choose another, 127.0.0.1:0 takes any free one.");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await WriteAsync(
                context, StatusCodes.Status405MethodNotAllowed, "read-only: use GET\n").ConfigureAwait(false);
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/healthz":
                await WriteAsync(context, StatusCodes.Status200OK, "ok\n").ConfigureAwait(false);
                break;
            case "/readyz":
                var reason = Readiness.Of(_snapshots.Recent());
                var code = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                await WriteAsync(context, code, $"{reason ?? "ready"}\n").ConfigureAwait(false);
                break;
            case "/metrics":
                await WriteAsync(
                    context,
                    StatusCodes.Status200OK,
                    PrometheusText.Write(_snapshots.Recent()),
                    PrometheusText.ContentType).ConfigureAwait(false);
                break;
            case "/status":
                var report = StatusBuilder.Build(_gateway, _snapshots.Recent(), DateTimeOffset.UtcNow);
                var json = JsonSerializer.Serialize(report, StatusJson.Default.StatusReport);
                await WriteAsync(
                    context, StatusCodes.Status200OK, json + "\n", "application/json").ConfigureAwait(false);
                break;
            case ProfileEndpoint.Path:
                await _profile.AnswerAsync(context).ConfigureAwait(false);
                break;
            default:
                await WriteAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    "not here; there are /healthz, /readyz, /metrics, /status and /debug/profile\n").ConfigureAwait(false);
                break;
        }
    }

    internal static Task WriteAsync(
        HttpContext context, int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text);
    }
}
