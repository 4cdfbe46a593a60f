using System.Text;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Segments;

namespace SensorGateway.Tests.Spooling;

public sealed class BootEpochTests
{
    [Fact]
    public void Next_WhateverTheClockDoes_GrowsFromStartToStart()
    {
        var files = new MemoryFiles();
        var epochs = new List<long>();
        foreach (var now in (long[])[1000, 5000, 5000, 10, 6000])
        {
            BootEpoch.Next(files, now, out var epoch);
            epochs.Add(epoch);
            files.Crash(new Random(1)); // It was on the disk before anybody used it.
        }

        Assert.Equal([1000, 5000, 5001, 5002, 6000], epochs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12x")]
    [InlineData("-7")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("4398046511104")]
    public void Next_WithABrokenFile_TakesTheClockAndTheSegmentsNames(string text)
    {
        var files = new MemoryFiles
        {
            [BootEpoch.FileName] = Encoding.ASCII.GetBytes(text),
            [SegmentHeader.NameOf(700UL << BootEpoch.SequenceBits | 5)] = [],
            [SegmentHeader.NameOf(ulong.MaxValue)] = [],
        };

        BootEpoch.Next(files, 300, out var epoch);

        Assert.Equal(701, epoch);
        BootEpoch.Next(files, 300, out epoch);
        Assert.Equal(702, epoch);
    }
}
