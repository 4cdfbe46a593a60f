using System.Text.Json;
using Microsoft.Extensions.Logging;
using SensorGateway.Hosting.Logging;

namespace SensorGateway.Tests.Hosting;

public sealed class LineLoggerTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch.AddMilliseconds(1500);

    [Fact]
    public void Text_WithControlCharacters_EscapesThem() =>
        Assert.Equal(
            "1970-01-01T00:00:01.500Z warn  Sources: closed \\x1b[2J by\\x0apeer",
            LineLogger.Text(Time, LogLevel.Warning, "SensorGateway.Sources", "closed \u001b[2J by\npeer", null));

    [Fact]
    public void Json_HasMessageAndFields()
    {
        var line = LineLogger.Json(
            Time, LogLevel.Error, "SensorGateway.Sources", new EventId(2001), "bad \n \"x\"",
            [new("SourceId", "a\u0007"), new("{OriginalFormat}", "ignored")], new InvalidOperationException("why"));

        Assert.DoesNotContain(line, char.IsControl);
        using var json = JsonDocument.Parse(line);
        Assert.Equal("1970-01-01T00:00:01.500000Z", json.RootElement.GetProperty("time").GetString());
        Assert.Equal("error", json.RootElement.GetProperty("level").GetString());
        Assert.Equal(2001, json.RootElement.GetProperty("event").GetInt32());
        Assert.Equal("bad \n \"x\"", json.RootElement.GetProperty("message").GetString());
        Assert.Equal("a\u0007", Assert.Single(json.RootElement.GetProperty("fields").EnumerateObject()).Value.GetString());
        Assert.Contains("why", json.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Factory_WithLevel_DropsLesserLines()
    {
        using var output = new StringWriter();
        using (var writer = new LogWriter(output))
        using (var logs = LineLoggerProvider.CreateFactory(writer, "warn", json: false))
        {
            var log = logs.CreateLogger("A.B");
            log.LogInformation("quiet");
            log.LogWarning("loud {Number}", 7);
        }

        Assert.EndsWith(" warn  B: loud 7" + Environment.NewLine, output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", output.ToString(), StringComparison.Ordinal);
    }
}
