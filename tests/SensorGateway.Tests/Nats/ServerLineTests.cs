using System.Text;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Tests.Nats;

public sealed class ServerLineTests
{
    [Theory]
    [InlineData("PING", nameof(ServerLineKind.Ping), "")]
    [InlineData("pong", nameof(ServerLineKind.Pong), "")]
    [InlineData("+OK", nameof(ServerLineKind.Ok), "")]
    [InlineData("+ok ", nameof(ServerLineKind.Ok), "")]
    [InlineData("INFO {\"a\":1} ", nameof(ServerLineKind.Info), "{\"a\":1}")]
    [InlineData("info\t{}", nameof(ServerLineKind.Info), "{}")]
    [InlineData("-ERR 'Stale Connection'", nameof(ServerLineKind.Error), "Stale Connection")]
    [InlineData("-ERR", nameof(ServerLineKind.Error), "")]
    [InlineData("MSG a.b 1 5", nameof(ServerLineKind.Message), "a.b 1 5")]
    [InlineData("HMSG a.b 1 12 17", nameof(ServerLineKind.MessageWithHeaders), "a.b 1 12 17")]
    [InlineData("", nameof(ServerLineKind.Unknown), "")]
    [InlineData(" PING", nameof(ServerLineKind.Unknown), "PING")]
    [InlineData("PINGS", nameof(ServerLineKind.Unknown), "")]
    [InlineData("HTTP/1.1 200 OK", nameof(ServerLineKind.Unknown), "200 OK")]
    public void Parse_Line_GivesKindAndArgument(string text, string kind, string argument)
    {
        var line = ServerLine.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal(kind, line.Kind.ToString());
        Assert.Equal(argument, Encoding.UTF8.GetString(line.Argument));
    }

    [Theory]
    [InlineData("Authorization Violation", nameof(ServerErrorKind.Refused))]
    [InlineData("user authentication expired", nameof(ServerErrorKind.Refused))]
    [InlineData("Permissions Violation for Publish to \"a\"", nameof(ServerErrorKind.PermissionDenied))]
    [InlineData("Stale Connection", nameof(ServerErrorKind.Reconnect))]
    [InlineData("maximum connections exceeded", nameof(ServerErrorKind.Reconnect))]
    [InlineData("Maximum Payload Violation", nameof(ServerErrorKind.Protocol))]
    [InlineData("Unknown Protocol Operation", nameof(ServerErrorKind.Protocol))]
    [InlineData("Parser Error", nameof(ServerErrorKind.Protocol))]
    [InlineData("Secure Connection - TLS Required", nameof(ServerErrorKind.TlsRequired))]
    [InlineData("something new", nameof(ServerErrorKind.Unknown))]
    [InlineData("", nameof(ServerErrorKind.Unknown))]
    public void Classify_ErrorText_InAnyCase(string text, string kind)
    {
        Assert.Equal(kind, ServerError.Classify(text).ToString());
        Assert.Equal(kind, ServerError.Classify(text.ToUpperInvariant()).ToString());
    }

    [Theory]
    [InlineData("a.b 1 5", false, "a.b", 0, 5)]
    [InlineData("a.b 1 reply.to 5", false, "a.b", 0, 5)]
    [InlineData("a.b  1\t5", false, "a.b", 0, 5)]
    [InlineData("a.b 1 12 17", true, "a.b", 12, 17)]
    [InlineData("a.b 1 reply 12 12", true, "a.b", 12, 12)]
    public void MessageLine_Good_IsRead(string text, bool hasHeaders, string subject, int headers, int total)
    {
        Assert.True(MessageLine.TryParse(Encoding.UTF8.GetBytes(text), hasHeaders, out var message));
        Assert.Equal(subject, Encoding.UTF8.GetString(message.Subject));
        Assert.Equal(headers, message.HeaderBytes);
        Assert.Equal(total, message.TotalBytes);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a 5", false)]
    [InlineData("a 1 r x 5", false)]
    [InlineData("a 1 -5", false)]
    [InlineData("a 1 +5", false)]
    [InlineData("a 1 5x", false)]
    [InlineData("a 1 67108865", false)]
    [InlineData("a 1 99999999999999999999", false)]
    [InlineData("a 1 5", true)]
    [InlineData("a 1 6 5", true)]
    [InlineData("a 1 2 3 4 5 6 7", true)]
    public void MessageLine_Bad_IsRefused(string text, bool hasHeaders) =>
        Assert.False(MessageLine.TryParse(Encoding.UTF8.GetBytes(text), hasHeaders, out _));

    [Fact]
    public void Parse_RandomBytes_NeverThrows()
    {
        var random = new Random(11);
        var words = new[] { "INFO ", "-ERR ", "MSG ", "HMSG ", "PONG", "{\"max_payload\":", "\"", "}", " 1 ", "'", "[", "9" };
        for (var round = 0; round < 50_000; round++)
        {
            var noise = new byte[random.Next(12)];
            random.NextBytes(noise);
            var text = (byte[])[.. Encoding.ASCII.GetBytes(words[random.Next(words.Length)] + words[random.Next(words.Length)]), .. noise];
            var line = ServerLine.Parse(text);
            _ = ServerInfo.Parse(line.Argument);
            _ = MessageLine.TryParse(line.Argument, random.Next(2) == 0, out _);
            Assert.All(ServerText.Printable(line.Argument), c => Assert.InRange(c, ' ', '~'));
        }
    }
}
