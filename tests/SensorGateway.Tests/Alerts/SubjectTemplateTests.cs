using System.Text;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Alerts;

public sealed class SubjectTemplateTests
{
    private const string NotASubject =
        "is not a subject; part tokens by single dots, without blanks, *, > or stray braces";

    [Theory]
    [InlineData("alerts.{severity}.{sensor}", "alerts.critical.10_0_0_7")]
    [InlineData("{gateway}.{source}.{rule}", "edge_1.field-tcp.web_xss")]
    [InlineData("plain", "plain")]
    [InlineData("a{severity}b.{sensor}{sensor}", "acriticalb.10_0_0_710_0_0_7")]
    [InlineData("größe.{severity}", "größe.critical")]
    public void Write_OfASoundTemplate_FillsInEveryVariable(string template, string subject)
    {
        var parsed = SubjectTemplate.TryParse(template, "edge.1", out var problem);

        Assert.Null(problem);
        Assert.Equal(subject, Write(parsed!, 512));
    }

    [Theory]
    [InlineData("alerts.{colour}", 8)]
    [InlineData("{Severity}", 1)]
    [InlineData("{severity,sensor}", 1)]
    [InlineData("a.{1}", 3)]
    [InlineData("a.{}", 3)]
    [InlineData("a.{severity}.{sensor", 14)]
    [InlineData("a.{none}", 3)]
    public void TryParse_OfAnUnknownVariable_SaysWhereAndWhatThereIs(string template, int character)
    {
        Assert.Null(SubjectTemplate.TryParse(template, "g", out var problem));
        Assert.Equal(
            $"has an unknown variable at character {character}; "
                + "use {severity}, {sensor}, {source}, {gateway} or {rule}",
            problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a.*")]
    [InlineData("a.>")]
    [InlineData("a\tb")]
    [InlineData("a\0b")]
    [InlineData("a}.b")]
    [InlineData("a}.{severity}")]
    public void TryParse_OfNoSubject_SaysSo(string template)
    {
        Assert.Null(SubjectTemplate.TryParse(template, "g", out var problem));
        Assert.Equal(NotASubject, problem);
    }

    [Fact]
    public void TryParse_OfATooLongTemplate_SaysSo()
    {
        Assert.NotNull(SubjectTemplate.TryParse(new string('a', 255), "g", out _));
        Assert.Null(SubjectTemplate.TryParse(new string('a', 256), "g", out var problem));
        Assert.Equal("is longer than 255 characters; shorten it", problem);
    }

    [Fact]
    public void TryParse_OfRandomText_NeverThrowsAndSaysEitherSubjectOrProblem()
    {
        string[] pieces = ["{", "}", "severity", "{sensor}", ".", "a", " ", "*", "\u0001", "é", "{rule}"];
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var template = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            var parsed = SubjectTemplate.TryParse(template, "g", out var problem);
            Assert.True(parsed is null != (problem is null), template);
            if (parsed is not null)
            {
                var subject = Write(parsed, 512);
                Assert.DoesNotContain(subject, c => c is '{' or '}' or ' ' or '*' or '>' || char.IsControl(c));
                Assert.DoesNotContain(string.Empty, subject.Split('.'));
            }
        }
    }

    [Fact]
    public void Write_IntoTooLittleRoom_IsCutThere()
    {
        var parsed = SubjectTemplate.TryParse("alerts.{severity}.{sensor}", "g", out _)!;

        Assert.Equal("alerts.cri", Write(parsed, 10));
    }

    private static string Write(SubjectTemplate template, int room)
    {
        var subject = new byte[room];
        var length = template.Write(
            subject, new Sensor(0, "10.0.0.7", "field-tcp"), Severity.Critical, AlertRuleToken);
        return Encoding.UTF8.GetString(subject, 0, length);
    }

    private static ReadOnlySpan<byte> AlertRuleToken => "web_xss"u8;
}
