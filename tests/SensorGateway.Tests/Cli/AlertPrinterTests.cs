using System.Text;
using SensorGateway.Cli;
using SensorGateway.Cli.Tailing;

namespace SensorGateway.Tests.Cli;

public sealed class AlertPrinterTests
{
    private static readonly AlertPrinter Printer = new(new CliConsole(TextWriter.Null, TextWriter.Null));

    [Fact]
    public void Format_OfAlert_IsOneReadableLine() =>
        Assert.Equal(
            "18:00:00.123 high     10.0.0.7        a, b  GET /\\x1b[31m \\x0a",
            Format(
                """
                {"kind":"alert","id":"edge-1-1-42","time":"2026-11-20T18:00:00.123456Z","sensor":"10.0.0.7","severity":"high",
                "rules":[{"id":"a"},{"id":"b"}],"payload":{"bytes":9,"text":"GET /\u001b[31m \n"}}
                """));

    [Fact]
    public void Format_OfSummary_IsOneReadableLine() =>
        Assert.Equal(
            "18:00:29.123 summary  10.0.0.7        web.xss  17 more held back since 18:00:01.000",
            Format(
                """
                {"kind":"summary","id":"edge-1-1-43","rule":"web.xss","sensor":"10.0.0.7","count":17,
                "first":"2026-11-20T18:00:01.000456Z","last":"2026-11-20T18:00:29.123456Z"}
                """));

    [Theory]
    [InlineData("{\"kind\":\"summary\",\"count\":1e99}", "s: {\"kind\":\"summary\",\"count\":1e99}")]
    [InlineData("not json", "s: not json")]
    [InlineData("{\"a\":1}", "s: {\"a\":1}")]
    [InlineData("[]", "s: []")]
    [InlineData("{\"time\":7,\"sensor\":\"x\",\"severity\":\"high\"}", "s: {\"time\":7,\"sensor\":\"x\",\"severity\":\"high\"}")]
    [InlineData("\u001b]0;title\u0007", "s: \\x1b]0;title\\x07")]
    public void Format_OfSomethingElse_ShowsItEscaped(string message, string line) => Assert.Equal(line, Format(message));

    [Fact]
    public void Format_OfMutatedAlerts_NeverPrintsControlCharacters()
    {
        var random = new Random(5);
        byte[][] whole =
        [
            Encoding.UTF8.GetBytes(
                """{"kind":"alert","time":"2026-11-20T18:00:00Z","sensor":"s","severity":"low","rules":[{"id":"a"}],"payload":{"text":"\u0007é"}}"""),
            """{"kind":"summary","rule":"r\u001b","sensor":"s","count":3,"first":"2026-11-20T18:00:00Z","last":"2026-11-20T18:00:01Z"}"""u8.ToArray(),
        ];
        for (var round = 0; round < 3000; round++)
        {
            var mutated = whole[round % whole.Length].ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            Assert.DoesNotContain(Printer.Format([(byte)random.Next(256)], mutated), char.IsControl);
        }
    }

    private static string Format(string message) => Printer.Format("s"u8, Encoding.UTF8.GetBytes(message));
}
