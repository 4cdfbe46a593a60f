using SensorGateway.Profiling.Graphs;
using SensorGateway.Profiling.Perf;
using SensorGateway.Profiling.Traces;

namespace SensorGateway.Tests.Profiling;

public sealed class FrameNamesTests
{
    private static readonly JitMap Map = new(
        [
            "7f9427a30000-7f9427a34000 rw-s 000b1000 00:01 1979    /memfd:doublemapper (deleted)",
            "7f9427a40000-7f9427a44000 r-xs 000b1000 00:01 1979    /memfd:doublemapper (deleted)",
            "7f9427a50000-7f9427a54000 r-xp 000b1000 00:01 1979    /usr/lib/other.so",
            "nonsense /memfd:doublemapper",
        ],
        ["0x7f9427a40000 120 void [X] A.B.Worker::DoWork()[Tier1]", "7f9427a40130 10 void [X] C::D()", "", "zz 1 x"]);

    [Theory]
    [InlineData("dynamicClass.Regex4_Scan_(?#rule:modbus.write)a+(class R,value class S`1<wchar>)", "rule modbus.write: scan")]
    [InlineData("dynamicClass.Regex12_TryMatchAtCurrentPosition_(?#rule:a:b_c-d)x", "rule a:b_c-d: match")]
    [InlineData("dynamicClass.Regex0_TryFindNextPossibleStartingPosition_(?#rule:web.x)", "rule web.x: find a start")]
    [InlineData("dynamicClass.Regex0_Scan_(?#rule:cut.by.the.runti", "rule cut.by.the.runti…: scan")]
    [InlineData("dynamicClass.Regex0_Scan_(?#rule:)x", "rule ?: scan")]
    [InlineData("dynamicClass.Regex7_Scan(class System.Text.RegularExpressions.RegexRunner)", "dynamicClass.Regex7_Scan")]
    [InlineData("A.B.C(int32,class D)", "A.B.C")]
    [InlineData("", "unknown")]
    public void OfManaged_NamesTheRuleOrTheMethod(string written, string shown) =>
        Assert.Equal(shown, FrameNames.OfManaged(written));

    [Theory]
    [InlineData("\tffffffff8161df68 tcp_sendmsg+0x18 ([kernel.kallsyms])", "tcp_sendmsg [kernel]")]
    [InlineData(" 7f12 void [SensorGateway.Pipeline] A.B.Worker::DoWork(int32)[Tier1]+0x8 (/tmp/perf-12.map)", "A.B.Worker.DoWork")]
    [InlineData(" 7f12 bool [dynamicClass] dynamicClass::Regex3_Scan_(?#rule:a.b)[x (y] z(class R)[Optimized] (/tmp/perf-1.map)", "rule a.b: scan")]
    [InlineData(" 7f12 memcpy (/usr/lib/libc.so.6)", "memcpy")]
    [InlineData("\t  b1010 [unknown] (/memfd:doublemapper (deleted))", "A.B.Worker.DoWork")]
    [InlineData("\t  b1120 [unknown] (/memfd:doublemapper (deleted))", "unknown in .NET's compiled code")]
    [InlineData("\t  e1010 [unknown] (/memfd:doublemapper (deleted))", "unknown in .NET's compiled code")]
    [InlineData("(/memfd:doublemapper (deleted))", "unknown in .NET's compiled code")]
    [InlineData(" 7f12 [unknown] (/usr/lib/libc.so.6)", "unknown in libc.so.6")]
    [InlineData(" 7f12", "unknown")]
    public void OfPerf_ReadsKernelNativeAndManagedFrames(string line, string shown) =>
        Assert.Equal(shown, PerfFrames.NameOf(line, Map));

    [Theory]
    [InlineData("A.B.C.Worker.DoWork", "Worker.DoWork")]
    [InlineData("A.B.Worker..ctor", "Worker..ctor")]
    [InlineData("A.Scan`1[A.B.EveryFourth].Look", "Scan`1.Look")]
    [InlineData("rule web.xss.a: scan", "rule web.xss.a: scan")]
    [InlineData("tcp_sendmsg [kernel]", "tcp_sendmsg [kernel]")]
    [InlineData("ingest-field.tcp", "ingest-field.tcp")]
    public void ShortName_KeepsTypeAndMethod(string full, string shown) =>
        Assert.Equal(shown, FlameGraphSvg.ShortName(full));
}
