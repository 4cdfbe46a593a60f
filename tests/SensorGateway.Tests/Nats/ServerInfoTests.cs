using System.Text;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Tests.Nats;

public sealed class ServerInfoTests
{
    private const string Real = """
        {"server_id":"NDX","server_name":"edge","version":"2.9.10","proto":1,"go":"go1.19.8","host":"127.0.0.1","port":4222,
         "headers":true,"max_payload":1048576,"jetstream":true,"client_id":5,"client_ip":"127.0.0.1","ldm":true,
         "connect_urls":["10.0.0.1:4222","[::1]:4223","nonsense:x","10.0.0.2"],"nonce":"abc"}
        """;

    [Fact]
    public void Parse_RealInfo_KeepsWhatMatters()
    {
        var info = ServerInfo.Parse(Encoding.UTF8.GetBytes(Real));
        Assert.NotNull(info);
        Assert.Equal("edge", info.ServerName);
        Assert.Equal("2.9.10", info.Version);
        Assert.Equal(1048576, info.MaxPayloadBytes);
        Assert.True(info.Headers);
        Assert.True(info.LameDuck);
        Assert.False(info.TlsRequired);
        Assert.Equal(
            ["nats://10.0.0.1:4222", "nats://[::1]:4223", "nats://10.0.0.2:4222"],
            info.DiscoveredEndpoints().Select(endpoint => endpoint.ToString()));
    }

    [Theory]
    [InlineData("{}", 1048576)]
    [InlineData("{\"max_payload\":0}", 1048576)]
    [InlineData("{\"max_payload\":-5}", 1048576)]
    [InlineData("{\"max_payload\":1}", 1)]
    [InlineData("{\"max_payload\":9000000000}", int.MaxValue)]
    public void MaxPayloadBytes_OddNumbers_StayUsable(string json, int expected) =>
        Assert.Equal(expected, ServerInfo.Parse(Encoding.UTF8.GetBytes(json))?.MaxPayloadBytes);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{\"max_payload\":\"x\"}")]
    [InlineData("{\"connect_urls\":7}")]
    [InlineData("{} {}")]
    public void Parse_NoObjectOfTheRightTypes_Null(string json) => Assert.Null(ServerInfo.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Parse_InvalidUtf8AndDeepNesting_Null()
    {
        Assert.Null(ServerInfo.Parse([.. "{\"server_name\":\""u8, 0xFF, 0xFE, .. "\"}"u8]));
        Assert.Null(ServerInfo.Parse(Encoding.ASCII.GetBytes("{\"x\":" + new string('[', 1000))));
    }

    [Fact]
    public void DiscoveredEndpoints_EndlessList_IsBounded()
    {
        var urls = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"10.0.{i / 256}.{i % 256}:4222\""));
        var info = ServerInfo.Parse(Encoding.UTF8.GetBytes($"{{\"connect_urls\":[{urls},null]}}"));
        Assert.NotNull(info);
        Assert.Equal(256, info.DiscoveredEndpoints().Count());
    }

    [Fact]
    public void Connect_Line_IsOneJsonLineAndAPing()
    {
        var text = Encoding.UTF8.GetString(ConnectLine.Create(
            "edge \"1\"\r\n", new SensorGateway.Nats.NatsCredentials("ü", "p\"w", null), "0.1.0"));
        Assert.StartsWith("CONNECT {", text, StringComparison.Ordinal);
        Assert.EndsWith("}\r\nPING\r\n", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("\r\n").Length);
        using var json = System.Text.Json.JsonDocument.Parse(text["CONNECT ".Length..text.IndexOf("\r\n", StringComparison.Ordinal)]);
        var root = json.RootElement;
        Assert.False(root.GetProperty("verbose").GetBoolean());
        Assert.True(root.GetProperty("headers").GetBoolean());
        Assert.False(root.GetProperty("echo").GetBoolean());
        Assert.Equal(1, root.GetProperty("protocol").GetInt32());
        Assert.Equal("ü", root.GetProperty("user").GetString());
        Assert.Equal("p\"w", root.GetProperty("pass").GetString());
        Assert.False(root.TryGetProperty("auth_token", out _));
    }
}
