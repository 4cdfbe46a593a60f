using System.Globalization;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.LoadTest.Contestants;

/// <summary>The gateway, with a configuration written for this run.</summary>
internal sealed class GatewayContestant : Contestant
{
    private readonly HttpClient _http;
    private readonly TemporaryFolder _folder = new();

    /// <param name="options">Which program, with which settings.</param>
    /// <param name="nats">Where alerts go.</param>
    /// <param name="rulesPath">Rules.</param>
    /// <param name="profile">Run with this profile and named after it; the default one when null.</param>
    public GatewayContestant(Options options, Uri nats, string rulesPath, string? profile = null)
    {
        Name = profile ?? "gateway";
        var telemetryPort = Ports.Free();
        _http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{telemetryPort}"),
            Timeout = TimeSpan.FromSeconds(5),
        };
        var config = Path.Combine(_folder.Path, "gateway.yaml");
        File.WriteAllText(config, Config(nats, rulesPath, telemetryPort));
        var settings = (profile is null ? [] : new[] { $"profile={profile}" }).Concat(options.GatewaySettings).SelectMany(setting => new[] { "--set", setting });
        var command = options.Gateway.Length > 0 ? options.Gateway : BesideThisProgram();
        Process = new ChildProcess([.. command, "run", "-c", config, .. settings], _folder.Path);
        try
        {
            WaitUntilReady();
        }
        catch (StartException)
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ChildProcess Process { get; }

    /// <inheritdoc/>
    public override AccountingResult? CheckAccounting(long sent)
    {
        AccountingResult result;
        var attempts = 0;
        do
        {
            // A confirmation may still be under way when the last alert has come.
            Thread.Sleep(100);
            result = AccountingResult.Check(_http.GetStringAsync("/metrics").GetAwaiter().GetResult(), sent);
        }
        while (!result.Holds && ++attempts < 30);

        return result;
    }

    /// <inheritdoc/>
    public override ReloadResult? Reload() => ControlLine.Reload(Path.Combine(_folder.Path, "control.sock"));

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private static string[] BesideThisProgram() =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "sensor-gateway.dll")];

    private string Config(Uri nats, string rulesPath, int telemetryPort) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        gateway: { name: load-test }
        sources:
          - { id: load, type: tcp, listen: "127.0.0.1:{{Port}}", framing: length-prefixed, overload: block }
        rules:
          paths: [ "{{Path.GetFullPath(rulesPath)}}" ]
        publishing:
          servers: [ "nats://{{nats.Host}}:{{nats.Port}}" ]
        telemetry: { listen: "127.0.0.1:{{telemetryPort}}" }

        """);

    private void WaitUntilReady()
    {
        for (var attempt = 0; attempt < 600 && !Process.HasExited; attempt++)
        {
            try
            {
                using var answer = _http.GetAsync("/readyz").GetAwaiter().GetResult();
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or too busy to answer in time.
            }

            Thread.Sleep(50);
        }

        var state = Process.HasExited ? "ended before it was ready" : "was not ready within 30s";
        throw new StartException($"the gateway {state}. Its last words:\n{Process.Tail}");
    }
}
