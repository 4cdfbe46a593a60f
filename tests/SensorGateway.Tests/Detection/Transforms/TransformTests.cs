using System.Text;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Rules.Model;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection.Transforms;

public sealed class TransformTests
{
    public static TheoryData<string> Steps => [.. TransformChain.StepNames];

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("%3Cscript%3e+x", "<script> x")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%4z%z4", "%zz%4z%z4")]
    [InlineData("%253c", "%3c")]
    [InlineData("%%3c", "%<")]
    [InlineData("%c0%af", "\xc0\xaf")]
    [InlineData("%00x", "\0x")]
    [InlineData("%u003c%U00e9", "<\xc3\xa9")]
    [InlineData("%u003", "%u003")]
    [InlineData("%ud83d%u00zz", "%ud83d%u00zz")]
    public void UrlDecode_OfText_DecodesWhatIsWellFormed(string payload, string expected) =>
        Assert.Equal(expected, Run(TransformStep.UrlDecode, payload));

    [Theory]
    [InlineData("&lt;script&gt;", "<script>")]
    [InlineData("&lt&LT&ltx", "<<<x")]
    [InlineData("&#60;&#x3c;&#X3C;&#60&#x3cx", "<<<<<x")]
    [InlineData("&#0000000000000000000060;", "<")]
    [InlineData("&amp;lt;", "&lt;")]
    [InlineData("&#x;&#;&#", "&#x;&#;&#")]
    [InlineData("&#9999999999;&#x110000;&#xd800;&#0;", "&#9999999999;&#x110000;&#xd800;&#0;")]
    [InlineData("&#x20ac;&#xe9;&nbsp;&#x1F600;", "\xe2\x82\xac\xc3\xa9\xc2\xa0\xf0\x9f\x98\x80")]
    [InlineData("javascript&colon;alert&lpar;1&rpar;", "javascript:alert(1)")]
    [InlineData("&colon &bogus; &", "&colon &bogus; &")]
    public void HtmlDecode_OfText_DecodesWhatIsWellFormed(string payload, string expected) =>
        Assert.Equal(expected, Run(TransformStep.HtmlDecode, payload));

    [Theory]
    [InlineData("ABC xyz", "abc xyz")]
    [InlineData("@AZ[`az{ 0123456789 \xc9\xe9 @AZ[`az{ ABCDEFGHIJKLMNOPQRSTUVWXYZ", "@az[`az{ 0123456789 \xc9\xe9 @az[`az{ abcdefghijklmnopqrstuvwxyz")]
    public void Lowercase_OfText_FoldsAsciiAlone(string payload, string expected) =>
        Assert.Equal(expected, Run(TransformStep.Lowercase, payload));

    [Theory]
    [InlineData("Authorization: Basic YWRtaW46c2VjcmV0MQ== x", "Authorization: Basic admin:secret1 x")]
    [InlineData("YWRtaW46c2VjcmV0MQ", "admin:secret1")]
    [InlineData("YWRtaW46c2VjcmV0MTI=", "admin:secret12")]
    [InlineData("YWRtaW46c2VjcmV0MTIz=", "admin:secret123=")]
    [InlineData("YWRtaW46c2VjcmV0MTIzA==", "admin:secret123")]
    [InlineData("YWRtaW46YWRtaW4=", "admin:admin")]
    [InlineData("Y21kLmV4ZQ==", "Y21kLmV4ZQ==")]
    [InlineData("__--__--__--__--", "\xff\xff\xbe\xff\xff\xbe\xff\xff\xbe\xff\xff\xbe")]
    [InlineData("YWRtaW46 c2VjcmV0", "YWRtaW46 c2VjcmV0")]
    public void Base64Decode_OfText_DecodesLongRunsInTheirPlace(string payload, string expected) =>
        Assert.Equal(expected, Run(TransformStep.Base64Decode, payload));

    [Theory]
    [InlineData("c\0m\0d\0.\0e\0x\0e\0", "cmd.exe")]
    [InlineData("\0c\0m\0d\0.\0e\0x\0e", "cmd.exe")]
    [InlineData("xx\x01 c\0m\0d\0.\0e\0 yy", "xx\x01 cmd.e yy")]
    [InlineData("a\0b\0c\0", "a\0b\0c\0")]
    [InlineData("a\0b\0c\0d", "a\0b\0c\0d")]
    [InlineData("a\0b\0c\0d\0   q\0r\0s\0t\0u", "abcd   qrstu")]
    [InlineData("\0\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\0")]
    public void Utf16ToBytes_OfText_DropsZerosOfRunsInTheirPlace(string payload, string expected) =>
        Assert.Equal(expected, Run(TransformStep.Utf16ToBytes, payload));

    [Theory]
    [MemberData(nameof(Steps))]
    public void Apply_OfRandomPayloads_AgreesWithTheReferenceAndStaysInBounds(string name)
    {
        var step = TransformChain.StepOf(name)!.Value;
        var random = new TransformPayloads(17);
        var changed = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var payload = random.Next(round % 300);
            var output = new byte[payload.Length + 8];
            output.AsSpan().Fill(0xA5);

            var written = Transform.Apply(step, payload, output.AsSpan(0, payload.Length));

            var expected = PlainTransforms.Apply(new TransformChain(step), payload);
            var actual = written == Transform.Unchanged ? payload : output[..written];
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{name} of {Convert.ToHexString(payload)}: {Convert.ToHexString(expected)}, not {Convert.ToHexString(actual)}");
            Assert.Equal(-1, output.AsSpan(payload.Length).IndexOfAnyExcept((byte)0xA5));
            changed += expected.AsSpan().SequenceEqual(payload) ? 0 : 1;
        }

        Assert.InRange(changed, 1_000, 19_999);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Apply_OfEveryPairOfBytes_AgreesWithTheReference(string name)
    {
        var step = TransformChain.StepOf(name)!.Value;
        for (var pair = 0; pair < 0x1_0000; pair++)
        {
            byte[] payload = [.. "%4&#6"u8, (byte)(pair >> 8), (byte)pair];

            Assert.Equal(PlainTransforms.Apply(new TransformChain(step), payload), Run(step, payload));
        }
    }

    private static string Run(TransformStep step, string payload) => Encoding.Latin1.GetString(Run(step, Payload(payload)));

    private static byte[] Run(TransformStep step, byte[] payload)
    {
        var output = new byte[payload.Length];
        var written = Transform.Apply(step, payload, output);
        return written == Transform.Unchanged ? payload : output[..written];
    }
}
