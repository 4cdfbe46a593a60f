using System.Text;
using SensorGateway.Nats;

namespace SensorGateway.Tests.Nats;

public sealed class NatsSubjectTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("alerts.high.10_0_0_7")]
    [InlineData("$SYS.x")]
    [InlineData("größe.wert")]
    public void IsPublishable_PlainTokens_True(string subject) =>
        Assert.True(NatsSubject.IsPublishable(Encoding.UTF8.GetBytes(subject)));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\r\nPUB x 0")]
    [InlineData("a\0")]
    [InlineData("a.*")]
    [InlineData("a.>")]
    [InlineData("a*")]
    [InlineData("a\u007f")]
    public void IsPublishable_AnythingThatChangesTheLine_False(string subject) =>
        Assert.False(NatsSubject.IsPublishable(Encoding.UTF8.GetBytes(subject)));

    [Fact]
    public void IsPublishable_AtAndAboveTheLengthLimit_TrueThenFalse()
    {
        var longest = new byte[NatsSubject.MaxBytes + 1];
        Array.Fill(longest, (byte)'a');
        Assert.True(NatsSubject.IsPublishable(longest.AsSpan(1)));
        Assert.False(NatsSubject.IsPublishable(longest));
    }

    [Fact]
    public void IsPublishable_RandomBytes_AgreesWithThePlainDefinition()
    {
        var random = new Random(3);
        var alphabet = "ab..*> \r\n\0\u007f"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var subject = new byte[random.Next(1, round % 2 == 0 ? 12 : 70)];
            for (var i = 0; i < subject.Length; i++)
            {
                subject[i] = random.Next(subject.Length < 12 ? 4 : 40) == 0 ? alphabet[random.Next(alphabet.Length)] : (byte)('a' + random.Next(26));
            }

            var text = Encoding.Latin1.GetString(subject);
            var expected = text.Split('.').All(token =>
                token.Length > 0 && token.All(c => c is > ' ' and not ('*' or '>' or '\u007f')));
            Assert.Equal(expected, NatsSubject.IsPublishable(subject));
        }
    }
}
