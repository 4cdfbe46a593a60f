using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources.Streams;

namespace SensorGateway.Tests.Sources.Streams;

public sealed class ConnectionTableTests
{
    private static readonly Sensor Anybody = new(0, "a", "s");

    [Fact]
    public void OpenAndClose_AtRandom_NeverLendsASlotTwice()
    {
        var random = new Random(3);
        var table = new ConnectionTable(10);
        var open = new Dictionary<int, int>();
        for (var descriptor = 1; descriptor < 5000; descriptor++)
        {
            Assert.Equal(open.Count == 10, table.IsFull);
            if (!table.IsFull && random.Next(2) == 0)
            {
                open.Add(table.Open(descriptor, Anybody, 0), descriptor);
            }
            else if (open.Count > 0)
            {
                var slot = open.Keys.ElementAt(random.Next(open.Count));
                table.Close(slot);
                open.Remove(slot);
            }

            Assert.Equal(open.Count, table.Count);
            for (var slot = 0; slot < 10; slot++)
            {
                Assert.Equal(open.GetValueOrDefault(slot, -1), table[slot].Descriptor);
                Assert.True(slot < table.SlotsUsed || !open.ContainsKey(slot));
            }
        }
    }
}
