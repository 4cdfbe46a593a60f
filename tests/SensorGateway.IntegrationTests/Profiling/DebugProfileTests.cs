using System.Net;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.Profiling.Traces;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary><c>/debug/profile</c> of a gateway process.</summary>
public sealed class DebugProfileTests
{
    [Fact]
    public async Task Profile_OfABusyGateway_IsATraceWithThreadsAndWorkButNoWaiting()
    {
        using var busy = new BusyGateway(perSecond: 20_000, "--set", "gateway.name=profiled");
        var file = Path.Combine(busy.Folder.Path, "own.nettrace");
        var profiling = busy.Http.GetAsync("/debug/profile?seconds=3");

        // Only one at a time. Asked again until the first has begun, which a busy machine may delay.
        HttpStatusCode second;
        do
        {
            using var refused = await busy.Http.GetAsync("/debug/profile?seconds=1");
            second = refused.StatusCode;
        }
        while (second == HttpStatusCode.OK && !profiling.IsCompleted);

        using var first = await profiling;
        var (bytes, status) = (await first.Content.ReadAsByteArrayAsync(), first.StatusCode);
        Assert.True(
            (status, second) is (HttpStatusCode.OK, HttpStatusCode.Conflict) or (HttpStatusCode.Conflict, HttpStatusCode.OK),
            $"{status}, {second}");
        if (status == HttpStatusCode.Conflict)
        {
            bytes = await busy.Http.GetByteArrayAsync("/debug/profile?seconds=3"); // The other one was the first.
        }

        await File.WriteAllBytesAsync(file, bytes);
        var profile = TraceReader.Read(file, new Dictionary<int, string>());
        Assert.InRange(profile.Parked, 1, long.MaxValue);
        var ingest = profile.Tree.Root.Find("ingest-field");
        Assert.NotNull(ingest);
        Assert.Contains(profile.Tree.Root.Children, thread => thread.Frame.StartsWith("ingest-", StringComparison.Ordinal));
        Assert.DoesNotContain("Doorbell.Wait", string.Join('\n', Leaves(profile.Tree.Root)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seconds=0")]
    [InlineData("seconds=121")]
    [InlineData("seconds=-1")]
    [InlineData("seconds=ten")]
    [InlineData("seconds=")]
    [InlineData("seconds=1&seconds=2")]
    [InlineData("seconds=99999999999999999999")]
    public async Task Profile_ForABadTime_IsRefusedWithTheRange(string query)
    {
        using var idle = new IdleGateway();
        using var answer = await idle.Http.GetAsync("/debug/profile?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            "seconds must be a whole number from 1 to 120, as in /debug/profile?seconds=30\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Profile_OnAListenerForOtherHosts_IsForbidden()
    {
        using var idle = new IdleGateway(listen: "0.0.0.0");
        using var answer = await idle.Http.GetAsync("/debug/profile?seconds=1");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("loopback only", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_WithTheDiagnosticsPortSwitchedOff_SaysSo()
    {
        using var idle = new IdleGateway(variable: ("DOTNET_EnableDiagnostics", "0"));
        using var answer = await idle.Http.GetAsync("/debug/profile?seconds=1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("DOTNET_EnableDiagnostics=0", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_WhoseReaderLeaves_IsEndedAndTheNextMayBegin()
    {
        using var idle = new IdleGateway();
        using (var leaving = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => idle.Http.GetByteArrayAsync("/debug/profile?seconds=120", leaving.Token));
        }

        var next = HttpStatusCode.Conflict;
        for (var attempt = 0; next == HttpStatusCode.Conflict && attempt < 60; attempt++)
        {
            await Task.Delay(250);
            using var answer = await idle.Http.GetAsync("/debug/profile?seconds=1");
            next = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, next);
    }

    [Fact]
    public async Task Profile_WhileTheGatewayStops_DoesNotHoldItUp()
    {
        using var idle = new IdleGateway();
        var profiling = idle.Http.GetAsync("/debug/profile?seconds=120", HttpCompletionOption.ResponseHeadersRead);
        using (await profiling)
        {
            idle.Gateway.Terminate();
            Assert.Equal(0, idle.Gateway.WaitForExit());
        }
    }

    private static IEnumerable<string> Leaves(SensorGateway.Profiling.Graphs.StackNode node) => node.Children.Any()
        ? node.Children.SelectMany(Leaves)
        : [node.Frame];

    /// <summary>Without NATS and traffic: it starts quickly and serves its endpoints.</summary>
    private sealed class IdleGateway : IDisposable
    {
        private readonly GatewayFolder _folder = new("nats://127.0.0.1:1");

        public IdleGateway(string listen = "127.0.0.1", (string Name, string Value)? variable = null)
        {
            string[] args = ["run", "--set", $"telemetry.listen={listen}:{_folder.TelemetryPort}"];
            Gateway = variable is { } one
                ? GatewayCommand.StartWith(one, _folder.Path, args)
                : GatewayCommand.Start(_folder.Path, args);
            Gateway.WaitForError("Watch the gateway");
        }

        public GatewayCommand Gateway { get; }

        public HttpClient Http => _http ??= new HttpClient { BaseAddress = new Uri(_folder.Url), Timeout = TimeSpan.FromMinutes(3) };

        private HttpClient? _http;

        public void Dispose()
        {
            _http?.Dispose();
            Gateway.Dispose();
            _folder.Dispose();
        }
    }
}
