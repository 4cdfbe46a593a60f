using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.IntegrationTests.Sources;

[SupportedOSPlatform("linux")]
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sg-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Tcp_PortInUse_NamesPlaceAndCure()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = (IPEndPoint)other.LocalEndpoint;

        Assert.Equal(
            $"source field-tcp: cannot listen on {taken}: address already in use; stop the other process or change "
            + "sources.field-tcp.listen",
            WhyNot(SourceBench.Tcp() with { Listen = taken }));
    }

    [Fact]
    public void Udp_PortInUse_NamesPlaceAndCure()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var taken = (IPEndPoint)other.LocalEndPoint!;

        Assert.Equal(
            $"source beacons: cannot listen on {taken}: address already in use; stop the other process or change "
            + "sources.beacons.listen",
            WhyNot(SourceBench.Udp() with { Listen = taken }));
    }

    [Fact]
    public void Tcp_AddressOfAnotherHost_NamesPlaceAndCure()
    {
        var elsewhere = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 7400); // RFC 5737: nobody's.

        Assert.Equal(
            "source field-tcp: cannot listen on 192.0.2.1:7400: this host has no such address; use one of its own in "
            + "sources.field-tcp.listen",
            WhyNot(SourceBench.Tcp() with { Listen = elsewhere }));
    }

    [Fact]
    public void Unix_FolderMissing_NamesPlaceAndCure()
    {
        var path = Path.Combine(_folder.FullName, "none", "in.sock");

        Assert.Equal(
            $"source local: cannot listen on {path}: the folder does not exist; create {Path.GetDirectoryName(path)} "
            + "or change sources.local.path",
            WhyNot(Unix(path)));
    }

    [Fact]
    public void Unix_PathTooLong_NamesPlaceAndCure()
    {
        var path = Path.Combine(_folder.FullName, new string('x', 120));

        Assert.Equal(
            $"source local: cannot listen on {path}: longer than 107 bytes; use a shorter path in sources.local.path",
            WhyNot(Unix(path)));
    }

    [Fact]
    public void Unix_PlainFileThere_IsRefusedAndKept()
    {
        var path = Path.Combine(_folder.FullName, "notes.txt");
        File.WriteAllText(path, "");

        Assert.Equal(
            $"source local: cannot listen on {path}: something that is not a socket of ours is there; remove it or "
            + "change sources.local.path",
            WhyNot(Unix(path)));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Unix_AnotherProcessListening_IsRefused()
    {
        var path = Path.Combine(_folder.FullName, "live.sock");
        using var other = Listening(path);

        Assert.Equal(
            $"source local: cannot listen on {path}: another process listens there; stop the other process or change "
            + "sources.local.path",
            WhyNot(Unix(path)));
    }

    [Fact]
    public void Unix_StaleSocketFile_IsReplaced()
    {
        var path = Path.Combine(_folder.FullName, "stale.sock");
        var kept = path + ".kept";
        using (Listening(path))
        {
            File.Move(path, kept); // The framework deletes the file it made; a killed process does not.
        }

        File.Move(kept, path);

        using var bench = new SourceBench(Unix(path));
        using var socket = bench.Connect();
        socket.Send(Frames.Encode(Framing.LengthPrefixed, Frames.Text("hello")));
        bench.UntilTaken(1);
    }

    [Fact]
    public void Create_PayloadsThatNeverFitTheRing_NamesTheCure() => Assert.Equal(
        "source field-tcp: payloads of 65536 bytes never fit the ring, which takes at most 32736; enlarge the ring or "
        + "lower sources.field-tcp.max_payload",
        WhyNot(SourceBench.Tcp(), ringBytes: 1 << 16));

    [Fact]
    public void Start_OnACpuThatDoesNotExist_ReportsTheFaultAndStops()
    {
        using var bell = new Doorbell();
        using var source = Create(SourceBench.Tcp(), bell, ringBytes: 1 << 20);
        using var told = new ManualResetEventSlim();
        (string Role, string Message) fault = default;
        source.Bind();

        source.Start(1023, (role, error) =>
        {
            fault = (role, error.Message);
            told.Set();
        });

        Assert.True(told.Wait(TimeSpan.FromSeconds(60)));
        Assert.Equal("ingest-field-tcp", fault.Role);
        Assert.StartsWith("cannot pin a thread to CPU 1023", fault.Message, StringComparison.Ordinal);
        source.Stop();
    }

    private static Socket Listening(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private static SourceOptions Unix(string path) =>
        SourceBench.Tcp() with { Id = "local", Type = SourceType.Unix, Path = path, Listen = null };

    private static string WhyNot(SourceOptions options, int ringBytes = 1 << 20)
    {
        using var bell = new Doorbell();
        return Assert.Throws<SourceStartException>(() =>
        {
            using var source = Create(options, bell, ringBytes);
            source.Bind();
        }).Message;
    }

    private static ISource Create(SourceOptions options, Doorbell bell, int ringBytes)
    {
        var ring = EventRing.Create(ringBytes, producers: 1);
        var runner = new RoleRunner(new PayloadCollector(ring.Reader), bell);
        var port = new IngestPort([(ring.Writers[0], ring.Space, runner)], bell);
        return SourceFactory.Create(options, port, new SensorTable(), NullLogger.Instance);
    }
}
