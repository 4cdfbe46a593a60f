using System.Text;
using SensorGateway.LoadTest.Measuring;

namespace SensorGateway.Tests.LoadTest;

public sealed class NatsMessageScannerTests
{
    private const string Stream =
        "INFO {\"x\":1}\r\nPONG\r\nMSG alerts.high.a 1 5\r\nhe\r\nl\r\nPING\r\nMSG a.b 1 reply 0\r\n\r\n"
        + "HMSG a 1 12 15\r\nNATS/1.0\r\n\r\nxyz\r\n-ERR 'Slow Consumer'\r\n";

    private static readonly string[] Items =
        ["Other:", "Other:", "Message:he\r\nl", "Ping:", "Message:", "Message:xyz", "Error:-ERR 'Slow Consumer'"];

    [Fact]
    public void Read_OfAStreamCutAtEveryByte_GivesTheSameItems()
    {
        var bytes = Encoding.ASCII.GetBytes(Stream);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var items = new List<string>();
            var consumed = ReadAll(bytes.AsSpan(0, cut), items);
            ReadAll(bytes.AsSpan(consumed), items);

            Assert.Equal(Items, items);
        }
    }

    [Theory]
    [InlineData("MSG a 1 -1\r\n\r\n")]
    [InlineData("MSG a 1 x\r\n\r\n")]
    [InlineData("MSG a 1 99999999999\r\n\r\n")]
    [InlineData("MSG a 1 2\r\nabc\r\n")]
    [InlineData("HMSG a 1 9 3\r\nabc\r\n")]
    [InlineData("MSG \r\n\r\n")]
    public void Read_OfABrokenMessage_SaysMalformed(string text) =>
        Assert.Equal(NatsItem.Malformed, NatsMessageScanner.Read(Encoding.ASCII.GetBytes(text), out _, out _));

    [Fact]
    public void Read_OfMutatedStreams_NeverThrowsAndNeverConsumesMoreThanThereIs()
    {
        var random = new Random(9);
        for (var round = 0; round < 200_000; round++)
        {
            var bytes = Encoding.ASCII.GetBytes(Stream);
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var start = random.Next(bytes.Length);
            var item = NatsMessageScanner.Read(bytes.AsSpan(start), out var consumed, out var body);

            Assert.InRange(consumed, 0, bytes.Length - start);
            Assert.InRange(body.Length, 0, consumed);
            Assert.Equal(item is NatsItem.Incomplete or NatsItem.Malformed, consumed == 0);
        }
    }

    private static int ReadAll(ReadOnlySpan<byte> bytes, List<string> items)
    {
        var consumed = 0;
        while (NatsMessageScanner.Read(bytes[consumed..], out var itemBytes, out var body) is var item && itemBytes > 0)
        {
            items.Add($"{item}:{Encoding.ASCII.GetString(body)}");
            consumed += itemBytes;
        }

        return consumed;
    }
}
