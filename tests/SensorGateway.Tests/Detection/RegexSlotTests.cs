using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Tests.Detection;

/// <summary>From interpreted to compiled, off the path, and only on a payload that matched.</summary>
public sealed class RegexSlotTests
{
    [Fact]
    public void TryCompile_BeforeItHasRunOften_DoesNothing()
    {
        var slot = Slot();
        Assert.True(slot.IsMatch("ab=xab"));

        Assert.False(slot.TryCompile(runsMin: 2));
        Assert.False(slot.TryCompile(runsMin: 2));
        Assert.False(slot.IsCompiled);
    }

    [Fact]
    public void TryCompile_AfterAMatch_CompilesAndAnswersAsBefore()
    {
        var slot = Slot();
        Assert.False(slot.IsMatch("nothing"));
        Assert.False(slot.TryCompile(runsMin: 1));
        Assert.False(slot.IsMatch("still nothing"));
        Assert.False(slot.TryCompile(runsMin: 1));

        Assert.True(slot.IsMatch("ab=xab"));
        Assert.True(slot.TryCompile(runsMin: 1));

        Assert.True(slot.IsCompiled);
        Assert.False(slot.TryCompile(runsMin: 1));
        Assert.True(slot.IsMatch("q cd=xcd"));
        Assert.False(slot.IsMatch("ab=xac"));
        Assert.True(slot.TryFind("q cd=xcd", out var index, out var length));
        Assert.Equal((2, 6), (index, length));
        Assert.False(slot.TryFind("ab=xac", out _, out _));
    }

    [Fact]
    public void TryCompile_IsFedByPlacesOfMatchesToo()
    {
        var slot = Slot();
        Assert.True(slot.TryFind("ab=xab", out _, out _));
        Assert.False(slot.TryCompile(runsMin: 1));
        Assert.True(slot.TryFind("ab=xab", out _, out _));

        Assert.True(slot.TryCompile(runsMin: 1));
    }

    [Fact]
    public void TryCompile_AfterwardsTheFirstMatchCompilesNothing()
    {
        var slot = Slot();
        slot.TryFind("ab=xab", out _, out _);
        slot.TryCompile(runsMin: 1);
        slot.TryFind("ab=xab", out _, out _);
        Assert.True(slot.TryCompile(runsMin: 1));
        slot.IsMatch("zz"); // What the two ways in share.

        var before = System.Runtime.JitInfo.GetCompiledMethodCount(currentThread: true);
        Assert.True(slot.TryFind("cd=xcd", out _, out _));
        Assert.Equal(before, System.Runtime.JitInfo.GetCompiledMethodCount(currentThread: true));
    }

    private static RegexSlot Slot()
    {
        var pattern = PcrePattern.TryParse(@"(\w{2})=x\1", PcreModes.None, out _)!;
        return new RegexSlot(pattern, "test.backref", TimeSpan.FromSeconds(1));
    }
}
