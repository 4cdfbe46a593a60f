using SensorGateway.Pipeline.Detection.Suppressing;

namespace SensorGateway.Tests.Detection.Suppressing;

public sealed class WindowHeapTests
{
    [Fact]
    public void First_AfterRandomAddsAndRemoves_IsTheOneThatASortedListHasFirst()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var heap = new WindowHeap(slots: 40);
            var plain = new List<(long ClosesAt, int Added, int Slot)>();
            for (var step = 0; step < 1_000; step++)
            {
                var slot = random.Next(40);
                var at = plain.FindIndex(entry => entry.Slot == slot);
                Assert.Equal(at >= 0, heap.Contains(slot));
                if (at >= 0)
                {
                    Assert.Equal(plain[at].ClosesAt, heap.ClosesAtTicks(slot));
                    heap.Remove(slot);
                    plain.RemoveAt(at);
                }
                else
                {
                    var closesAt = random.Next(20); // Many equal times.
                    heap.Add(slot, closesAt);
                    plain.Add((closesAt, step, slot));
                }

                Assert.Equal(plain.Count, heap.Count);
                Assert.Equal(plain.Count == 0 ? long.MaxValue : plain.Min().ClosesAt, heap.FirstClosesAtTicks);
                if (plain.Count > 0)
                {
                    Assert.Equal(plain.Min().Slot, heap.First);
                }
            }
        }
    }
}
