using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Ring;

public sealed class PaddingTests
{
    [Fact]
    public void PaddedTypes_KeepTheirFieldAloneOnItsCacheLines()
    {
        var parked = typeof(RoleRunner).GetNestedType("Rest", BindingFlags.NonPublic)!;

        Assert.Equal((256, 128), (Unsafe.SizeOf<PaddedSequence>(), OffsetOf<PaddedSequence>("_value")));
        Assert.Equal((256, 128), (Unsafe.SizeOf<Baton>(), OffsetOf<Baton>("_held")));
        Assert.Equal((256, 128), (Marshal.SizeOf(parked), (int)Marshal.OffsetOf(parked, "Value")));
    }

    [Fact]
    public void RingState_KeepsTheCountersOfTheTwoEndsApart()
    {
        var state = new RingState(4096);

        Assert.True(Math.Abs(Unsafe.ByteOffset(ref state.Claimed, ref state.Consumed)) >= 256);
        Assert.True(Math.Abs(Unsafe.ByteOffset(ref state.RecordsIn, ref state.RecordsOut)) >= 256);
        Assert.True(Math.Abs(Unsafe.ByteOffset(ref state.Claimed, ref state.RecordsOut)) >= 256);
    }

    [Fact]
    public void RecordHeader_TakesOneStepOfTheMemory()
    {
        Assert.Equal(RecordHeader.Bytes, Unsafe.SizeOf<RecordHeader>());
        Assert.Equal(24, Unsafe.SizeOf<RecordTag>());
        Assert.Equal(new[] { 32, 64, 64, 96 }, new[] { 0, 1, 32, 33 }.Select(RingState.StrideFor));
    }

    private static int OffsetOf<T>(string field) => (int)Marshal.OffsetOf<T>(field);
}
