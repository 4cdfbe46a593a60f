using System.Text;
using System.Text.Json;
using SensorGateway.Cli.Checking;

namespace SensorGateway.Tests.Cli;

public sealed class NatsProbeTests
{
    [Fact]
    public void Describe_OfInfo_NamesVersionAndLimit() =>
        Assert.Equal(
            "nats-server 2.9.10 takes messages up to 1048576 bytes",
            NatsProbe.Describe("{\"server_id\":\"X\",\"version\":\"2.9.10\",\"max_payload\":1048576}"u8.ToArray()));

    [Fact]
    public void Describe_OfRandomBytes_GivesPrintableTextOrAKnownProblem()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var info = Encoding.UTF8.GetBytes("{\"version\":\"2.9\\u001b\",\"max_payload\":[1]}");
            for (var flips = random.Next(0, 4); flips > 0; flips--)
            {
                info[random.Next(info.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.DoesNotContain(NatsProbe.Describe(info), char.IsControl);
            }
            catch (Exception known) when (known is JsonException or InvalidDataException)
            {
                Assert.NotEmpty(known.Message);
            }
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Describe_OfSomethingElse_IsAProblem(string json) =>
        Assert.Throws<InvalidDataException>(() => NatsProbe.Describe(Encoding.UTF8.GetBytes(json)));
}
