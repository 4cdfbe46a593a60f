using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.IntegrationTests.Sources;

[Collection(AloneInTheProcess.Name)]
[SupportedOSPlatform("linux")]
public sealed partial class DescriptorLimitTests
{
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    private static readonly byte[] Good = Frames.Encode(Framing.LengthPrefixed, Frames.Text("good"));

    [Fact]
    public void Accept_WithoutFreeDescriptors_BacksOffWhileOpenConnectionsGoOn()
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        using var open = bench.Connect();
        using var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var place = new IPEndPoint(IPAddress.Loopback, new Uri(bench.Endpoint).Port);
        open.Send(Good);
        bench.UntilTaken(1);

        var limits = default(Limits);
        Assert.Equal(0, GetLimit(OpenFiles, ref limits));
        var tight = limits with { Soft = LowestFreeDescriptor() };
        Assert.Equal(0, SetLimit(OpenFiles, in tight));
        try
        {
            waiting.Connect(place); // The kernel completes it; the gateway cannot accept it.
            for (var i = 0; i < 5; i++)
            {
                Thread.Sleep(50);
                open.Send(Good);
            }

            bench.UntilTaken(6);
            Assert.Equal(1, bench.Counters.ConnectionsAccepted);
        }
        finally
        {
            Assert.Equal(0, SetLimit(OpenFiles, in limits));
        }

        waiting.Send(Good);
        bench.UntilTaken(7);
        bench.Stop();
        Assert.Contains(bench.Log, line => line.Contains("cannot accept connections (errno 24)", StringComparison.Ordinal));

        // A loop without back-off tries many thousand times in a quarter of a second.
        var sums = bench.Log.Select(line => SumOfAcceptFailures().Match(line)).Where(match => match.Success);
        Assert.InRange(sums.Sum(sum => int.Parse(sum.Groups[1].Value, CultureInfo.InvariantCulture)), 0, 1000);
    }

    /// <summary>The kernel always gives out the lowest free number.</summary>
    private static ulong LowestFreeDescriptor()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        return (ulong)probe.SafeHandle.DangerousGetHandle();
    }

    [GeneratedRegex("(\\d+) more of \"connections not accepted\"")]
    private static partial Regex SumOfAcceptFailures();

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, ref Limits limits);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limits
    {
        public ulong Soft { get; set; }

        public ulong Hard { get; set; }
    }
}
