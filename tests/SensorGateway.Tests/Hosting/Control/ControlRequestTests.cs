using System.Text;
using SensorGateway.Hosting.Control;

namespace SensorGateway.Tests.Hosting.Control;

public sealed class ControlRequestTests
{
    [Theory]
    [InlineData("""{"command":"status"}""", ControlCommand.Status, false)]
    [InlineData("""{"command":"status","wait":true}""", ControlCommand.Status, false)]
    [InlineData("""{"command":"reload"}""", ControlCommand.Reload, false)]
    [InlineData(""" { "wait" : true , "command" : "reload", "later": [1] } """, ControlCommand.Reload, true)]
    [InlineData("""{"command":"reload","wait":false}""", ControlCommand.Reload, false)]
    internal void TryParse_OfARequest_ReadsIt(string line, ControlCommand command, bool wait) =>
        Assert.Equal(new ControlRequest(command, wait), ControlRequest.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("", "no JSON object")]
    [InlineData("status", "no JSON object")]
    [InlineData("GET / HTTP/1.1\r", "no JSON object")]
    [InlineData("[]", "names no command")]
    [InlineData("{}", "names no command")]
    [InlineData("""{"command":5}""", "names no command")]
    [InlineData("""{"command":"stop"}""", "unknown command 'stop'; use status or reload")]
    [InlineData("""{"command":"\u001b[31m"}""", "unknown command '\\x1b[31m'; use status or reload")]
    [InlineData("""{"command":"\ud800"}""", "no JSON object")]
    [InlineData("""{"command":"reload","wait":1}""", "wait is neither true nor false")]
    [InlineData("""{"command":"reload"}}""", "no JSON object")]
    [InlineData("""{"command":{"a":{"b":{"c":{"d":1}}}}}""", "no JSON object")]
    public void TryParse_OfAnythingElse_SaysWhatIsWrong(string line, string problem)
    {
        Assert.Null(ControlRequest.TryParse(Encoding.UTF8.GetBytes(line), out var said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_OfMutatedRequests_NeverThrows()
    {
        var random = new Random(20261121);
        byte[][] seeds = [.. new[]
        {
            """{"command":"status"}""", """{"command":"reload","wait":true}""", """{"command":"\u00e9","wait":null}""",
        }.Select(Encoding.UTF8.GetBytes)];
        var understood = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var line = seeds[random.Next(seeds.Length)].ToList();
            for (var edits = random.Next(4); edits > 0; edits--)
            {
                var at = random.Next(line.Count);
                switch (random.Next(3))
                {
                    case 0:
                        line[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        line.Insert(at, (byte)random.Next(256));
                        break;
                    default:
                        line.RemoveAt(at);
                        break;
                }
            }

            var request = ControlRequest.TryParse(line.ToArray(), out var problem);
            Assert.Equal(request is null, problem.Length > 0);
            Assert.DoesNotContain(problem, char.IsControl);
            understood += request is null ? 0 : 1;
        }

        Assert.InRange(understood, 1_000, 49_000);
    }
}
