using FsCheck;
using FsCheck.Fluent;
using SensorGateway.Profiling.Graphs;
using SensorGateway.Profiling.Perf;

namespace SensorGateway.Tests.Profiling;

public sealed class PerfScriptReaderTests
{
    private const string Text = """
        ingest-field-tc 10310 
        	ffffffff8161df68 tcp_sendmsg+0x18 ([kernel.kallsyms])
        	           89bdd int32 [A] A.B.Socket::Send(class X)[Tier1]+0x3 (/tmp/perf-10.map)

          .NET TP Worker 10311 
        	           89bdd memcpy+0x3 (/usr/lib/libc.so.6)

        ingest-field-tc 10310 
        	           89bdd int32 [A] A.B.Socket::Send(class X)[Tier1]+0x9 (/tmp/perf-10.map)

        """;

    [Fact]
    public void Read_MergesStacksByThreadFromTheRoot()
    {
        var profile = PerfScriptReader.Read(new StringReader(Text), new Dictionary<int, string> { [10310] = "ingest-field-tcp-north" }, new JitMap([], []));

        Assert.Equal(3, profile.Tree.Root.Samples);
        var send = profile.Tree.Root.Find("ingest-field-tcp-north")!.Find("A.B.Socket.Send")!;
        Assert.Equal((2, 1), (send.Samples, send.Find("tcp_sendmsg [kernel]")!.Samples));
        Assert.Equal(1, profile.Tree.Root.Find(".NET TP Worker")!.Find("memcpy")!.Samples);
    }

    [Fact]
    public void Read_OfAnyText_NeitherThrowsNorInventsSamples() =>
        Prop.ForAll(
            Gen.Elements(Text.Split('\n')).Or(ArbMap.Default.ArbFor<string>().Generator).ListOf().ToArbitrary(),
            lines =>
            {
                var profile = PerfScriptReader.Read(new StringReader(string.Join('\n', lines)), new Dictionary<int, string>(), new JitMap([], []));
                Assert.Equal(profile.Tree.Root.Samples, profile.Tree.Root.Children.Sum(child => child.Samples));
                Assert.InRange(profile.Tree.Root.Samples, 0, lines.Count * 10);
            }).QuickCheckThrowOnFailure();
}
