using System.Text;
using SensorGateway.Pipeline.Alerts;

namespace SensorGateway.Tests.Alerts;

public sealed class Utf8CutTests
{
    [Fact]
    public void WholeCharacters_AtEveryCutOfValidText_DropsExactlyTheSplitCharacter()
    {
        var text = "aé€😀\0߿ࠀ￿\U0010FFFFz";
        var bytes = Encoding.UTF8.GetBytes(text);
        var ends = new HashSet<int>();
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || !char.IsLowSurrogate(text[i]))
            {
                ends.Add(Encoding.UTF8.GetByteCount(text.AsSpan(0, i)));
            }
        }

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(ends.Where(end => end <= cut).Max(), Utf8Cut.WholeCharacters(bytes.AsSpan(0, cut)));
        }
    }

    [Fact]
    public void WholeCharacters_OfAnyBytes_StaysWithinThem()
    {
        var random = new Random(9);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(9)];
            random.NextBytes(bytes);
            Assert.InRange(Utf8Cut.WholeCharacters(bytes), Math.Max(0, bytes.Length - 3), bytes.Length);
        }
    }
}
