using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary>A gateway process at work: nats-server, rules of which one needs a .NET regex, and traffic.</summary>
internal sealed class BusyGateway : IDisposable
{
    private const string Rules = """
        rules:
          - id: test.backref
            title: The same word twice
            severity: low
            match: { regex: '(\w{3,12})=(\w{1,8})&\1=\2' }
          - id: test.needle
            title: Needle
            severity: high
            match: { literal: needle }
        """;

    private readonly NatsServerProcess _nats = NatsServerProcess.Start();
    private readonly TrafficPump _pump;

    /// <param name="perSecond">Lines a second; three of 16 alert.</param>
    /// <param name="args">More arguments of <c>run</c>.</param>
    public BusyGateway(int perSecond, params string[] args)
    {
        Folder = new GatewayFolder(_nats.Url);
        Folder.Write("rules.yaml", Rules);
        Gateway = GatewayCommand.Start(Folder.Path, ["run", .. args]);
        Gateway.WaitForError("Ready: ");
        Http = new HttpClient { BaseAddress = new Uri(Folder.Url), Timeout = TimeSpan.FromMinutes(3) };
        _pump = new TrafficPump(Folder.TcpPort, perSecond, Lines());
    }

    public GatewayFolder Folder { get; }

    public GatewayCommand Gateway { get; }

    public HttpClient Http { get; }

    public long Sent => _pump.Sent;

    public void Dispose()
    {
        _pump.Dispose();
        Http.Dispose();
        Gateway.Dispose();
        Folder.Dispose();
        _nats.Dispose();
    }

    private static List<string> Lines()
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, 512).Select(i => (i % 16) switch
        {
            3 => $"<34>1 2026-01-01T00:00:00Z host app {random.Next(99999)} - - a needle in {random.Next()}",
            5 or 11 => string.Join('&', Enumerable.Range(0, 30).Select(_ => $"k{random.Next(1000)}=v{random.Next(1000)}")) + $"&same={i}&same={i}",
            7 => "{\"device\":\"pump-" + random.Next(100) + "\",\"temperature\":21.5,\"sequence\":" + random.Next() + "}",
            _ => $"GET /index.html?q={random.Next()} HTTP/1.1 Host: example User-Agent: test {new string('a', random.Next(200))}",
        })];
    }
}
