using SensorGateway.Nats;

namespace SensorGateway.Tests.Nats;

public sealed class NatsEndpointTests
{
    [Theory]
    [InlineData("nats://127.0.0.1:4333", "127.0.0.1", 4333)]
    [InlineData("nats://broker.example", "broker.example", 4222)]
    [InlineData("NATS://broker.example:1/", "broker.example", 1)]
    [InlineData("localhost", "localhost", 4222)]
    [InlineData(" localhost:65535 ", "localhost", 65535)]
    [InlineData("nats://[::1]:4223", "::1", 4223)]
    [InlineData("nats://[fe80::1]", "fe80::1", 4222)]
    [InlineData("nats://user:p@ss@host:5", "host", 5)]
    public void TryParse_GoodUrl_GivesHostAndPort(string text, string host, int port)
    {
        Assert.True(NatsEndpoint.TryParse(text, out var endpoint, out var problem), problem);
        Assert.Equal(host, endpoint.Host);
        Assert.Equal(port, endpoint.Port);
    }

    [Theory]
    [InlineData("", "the host is missing; write nats://host:4222")]
    [InlineData("nats://", "the host is missing; write nats://host:4222")]
    [InlineData("nats://:4222", "the host is missing; write nats://host:4222")]
    [InlineData("nats://user:pw@", "the host is missing; write nats://host:4222")]
    [InlineData("http://host", "scheme 'http' is unknown; use nats://host:port or tls://host:port")]
    [InlineData("host:0", "port '0' is not a number from 1 to 65535; the usual one is 4222")]
    [InlineData("host:65536", "port '65536' is not a number from 1 to 65535; the usual one is 4222")]
    [InlineData("host:", "port '' is not a number from 1 to 65535; the usual one is 4222")]
    [InlineData("host:-1", "port '-1' is not a number from 1 to 65535; the usual one is 4222")]
    [InlineData("::1", "the host is missing; write nats://host:4222")]
    [InlineData("[::1", "the IPv6 address has no closing ]; write [::1]:4222")]
    [InlineData("my host", "'my host' is not a host name; write nats://host:4222")]
    [InlineData("host/path", "'host/path' is not a host name; write nats://host:4222")]
    public void TryParse_BadUrl_SaysWhatToWrite(string text, string expected)
    {
        Assert.False(NatsEndpoint.TryParse(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void TryParse_Credentials_AreUnescapedAndNeverPrinted()
    {
        Assert.True(NatsEndpoint.TryParse("nats://edge:p%40ss%3A@host", out var user, out _));
        Assert.Equal(new NatsCredentials("edge", "p@ss:", null), user.Credentials);
        Assert.Equal("nats://host:4222", user.ToString());

        Assert.True(NatsEndpoint.TryParse("nats://s3cret@host", out var token, out _));
        Assert.Equal(new NatsCredentials(null, null, "s3cret"), token.Credentials);
        Assert.DoesNotContain("s3cret", token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_OfOptions_ShowsNoSecret()
    {
        var options = new NatsOptions { Servers = [new NatsEndpoint("host", 1)], User = "edge", Password = "s3cret" };
        Assert.Equal("nats://host:1 as user edge, Fenced", options.ToString());
        Assert.Equal("nats://host:1 as token, Fenced", (options with { Token = "s3cret" }).ToString());
    }

    [Fact]
    public void TryParse_RandomText_EitherParsesOrExplains()
    {
        const string Alphabet = "nats:/@[].%4 \t0hé\\";
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            var good = NatsEndpoint.TryParse(text, out var endpoint, out var problem);
            Assert.Equal(good, endpoint is not null);
            Assert.Equal(good, problem is null);
            Assert.True(!good || (endpoint!.Host.Length > 0 && endpoint.Port is > 0 and < 65536), text);
        }
    }
}
