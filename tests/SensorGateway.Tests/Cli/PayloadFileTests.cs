using System.Buffers.Binary;
using System.Text;
using SensorGateway.Cli.Payloads;

namespace SensorGateway.Tests.Cli;

public sealed class PayloadFileTests
{
    [Fact]
    public void ReadFrames_OfWrittenFrames_GivesThemBack()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var payloads = Enumerable.Range(0, random.Next(1, 20)).Select(_ => RandomBytes(random, random.Next(1, 300))).ToArray();

            Assert.Equal(payloads, PayloadFile.ReadFrames(Frames(payloads), "x"));
        }
    }

    [Theory]
    [InlineData("0000000141" + "0000", "x: at byte 5 it ends inside a length (2 of 4 bytes); ")]
    [InlineData("0000000541424344", "x: at byte 0 it ends inside a frame (4 of 5 bytes); ")]
    [InlineData("00000000", "x: at byte 0 it has a frame of 0 bytes, outside 1 to 1048576; ")]
    [InlineData("0000000141" + "FFFFFFFF", "x: at byte 5 it has a frame of 4294967295 bytes, outside 1 to 1048576; ")]
    public void ReadFrames_OfBrokenFile_NamesTheByte(string hex, string message)
    {
        var problem = Assert.Throws<CommandException>(() => PayloadFile.ReadFrames(Convert.FromHexString(hex), "x"));

        Assert.Equal(
            message + "a FRAMES file is a 4-byte big-endian length and the payload, repeated: name another --format if it is lines or ndjson.",
            problem.Message);
        Assert.Equal(ExitCodes.BadInput, problem.ExitCode);
    }

    [Fact]
    public void ReadLines_WithCarriageReturnsAndEmptyLines_CutsLikeASource() =>
        Assert.Equal(["a", "b c", "d"], PayloadFile.ReadLines("a\r\n\n\r\nb c\nd"u8).Select(Encoding.UTF8.GetString));

    [Fact]
    public void ReadNdjson_WithBothForms_TakesBytes() =>
        Assert.Equal(
            [[1, 2, 255], "<b>é"u8.ToArray()],
            PayloadFile.ReadNdjson("{\"b64\":\"AQL/\",\"i\":0}\n\n{\"text\":\"<b>\\u00e9\"}\r\n"u8, "x"));

    [Theory]
    [InlineData("{\"b64\":\"AQL/\"}\n{\"other\":1}", "x:2:1: has neither b64 nor text; ")]
    [InlineData("{\"b64\":\"*\"}", "x:1:1: is not a JSON object with a payload in it; ")]
    [InlineData("[1]", "x:1:1: has neither b64 nor text; ")]
    [InlineData("{\"text\":null}", "x:1:1: has neither b64 nor text; ")]
    [InlineData("{\"text\":7}", "x:1:1: is not a JSON object with a payload in it; ")]
    public void ReadNdjson_OfBrokenLine_NamesIt(string text, string message)
    {
        var problem = Assert.Throws<CommandException>(() => PayloadFile.ReadNdjson(Encoding.UTF8.GetBytes(text), "x"));

        Assert.Equal(message + "write one {\"b64\":\"...\"} or {\"text\":\"...\"} a line.", problem.Message);
    }

    [Fact]
    public void AllReaders_OnRandomBytes_GivePayloadsOrAProblem()
    {
        var random = new Random(12);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = random.Next(2) == 0 ? RandomBytes(random, random.Next(0, 60)) : Mutated(random);
            foreach (var read in new Func<byte[], List<byte[]>>[]
            {
                b => PayloadFile.ReadFrames(b, "x"), b => PayloadFile.ReadLines(b), b => PayloadFile.ReadNdjson(b, "x"),
            })
            {
                try
                {
                    Assert.DoesNotContain(read(bytes), payload => payload.Length > bytes.Length);
                }
                catch (CommandException problem)
                {
                    Assert.Equal(ExitCodes.BadInput, problem.ExitCode);
                }
            }
        }
    }

    private static byte[] Mutated(Random random)
    {
        var bytes = random.Next(2) == 0 ? Frames([RandomBytes(random, 9), RandomBytes(random, 30)]) : "{\"b64\":\"AQL/\"}\n{\"text\":\"x\"}"u8.ToArray();
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    internal static byte[] Frames(params byte[][] payloads)
    {
        using var all = new MemoryStream();
        var header = new byte[4];
        foreach (var payload in payloads)
        {
            BinaryPrimitives.WriteInt32BigEndian(header, payload.Length);
            all.Write(header);
            all.Write(payload);
        }

        return all.ToArray();
    }
}
