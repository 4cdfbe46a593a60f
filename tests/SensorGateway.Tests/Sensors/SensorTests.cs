using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Tests.Sensors;

public sealed class SensorTests
{
    [Theory]
    [InlineData("10.0.0.7", "10_0_0_7")]
    [InlineData("fe80::1%eth0", "fe80__1_eth0")]
    [InlineData("plant-A_7", "plant-A_7")]
    [InlineData("a b>c*d", "a_b_c_d")]
    [InlineData("Zürich", "Z_rich")]
    [InlineData("", "_")]
    public void SubjectToken_OfAnId_KeepsOnlyWhatSubjectsAllow(string id, string token)
    {
        var sensor = new Sensor(0, id, "field.tcp");

        Assert.Equal(token, sensor.SubjectToken);
        Assert.Equal(token, Encoding.ASCII.GetString(sensor.SubjectTokenUtf8.Span));
        Assert.Equal("field_tcp", Encoding.ASCII.GetString(sensor.SourceTokenUtf8.Span));
    }

    [Fact]
    public void SubjectToken_OfAnyText_IsOneTokenOfTheSameLength() =>
        Prop.ForAll<string?>(text =>
        {
            var token = Sensor.ToSubjectToken(text ?? string.Empty);
            return token.Length == Math.Max(1, text?.Length ?? 0)
                && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void IdJson_OfAnyText_ReadsBackAsTheText() =>
        Prop.ForAll<string?>(text =>
        {
            var id = text ?? string.Empty;
            var json = $"\"{new Sensor(0, id, id).IdJson}\"";
            var replaced = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(id)); // Half a surrogate pair is no character.
            return System.Text.Json.JsonSerializer.Deserialize<string>(json) == replaced;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void IdJson_OfHalfASurrogatePair_IsTheReplacementCharacter() =>
        Assert.Equal("a\uFFFDb", new Sensor(0, "a\uD800b", "s").IdJson.Value);

    [Theory]
    [InlineData("", 0x811C9DC5u ^ (0x811C9DC5u >> 15))]
    [InlineData("a", 0xE40C292Cu ^ (0xE40C292Cu >> 15))]
    [InlineData("foobar", 0xBF9CF968u ^ (0xBF9CF968u >> 15))]
    public void Hash_OfAnId_IsFnv1aFoldedAndNeverChanges(string id, uint hash) =>
        Assert.Equal(hash, new Sensor(3, id, "any").Hash);

    [Fact]
    public void Hash_OfPlantAddresses_UsesEveryConnection()
    {
        foreach (var connections in new[] { 4u, 5u, 8u })
        {
            var load = new int[connections];
            for (var i = 0; i < 4_000; i++)
            {
                load[new Sensor(0, $"10.0.{i / 250}.{i % 250}", "s").Hash % connections]++;
            }

            Assert.All(load, sensors => Assert.InRange(sensors * connections, 3_200, 4_800));
        }
    }
}
