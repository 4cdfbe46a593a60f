using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Rules.Pcre;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection;

/// <summary>What may be taken off a pattern's front; that verdicts stay is tested with random patterns.</summary>
public sealed class LeadingRepeatsTests
{
    [Theory]
    [InlineData("[\\w.-]{0,50}?(?:key)=", "key=")]
    [InlineData(".*foo", "foo")]
    [InlineData("(?:a+|b*)?c", "c")]
    [InlineData("(?:[ab]{2,9}|x*y)c", "(?:[ab]{2}|y)c")]
    [InlineData("(\\d+)k", "\\dk")]
    [InlineData("x*", "")]
    [InlineData("\\bx*y", "\\bx*y")] // The boundary is where it is.
    [InlineData("x*+y", "x*+y")]       // It never gives an x back.
    [InlineData("(x*)y\\1", "(x*)y\\1")]
    [InlineData("(?=x)x*y", "(?=x)x*y")]
    public void Trim_OfAPattern_LeavesWhatAMatchCannotDoWithout(string pattern, string trimmed)
    {
        Assert.Equal(NodesOf(Regex(trimmed).Pattern.Root), NodesOf(LeadingRepeats.Trim(Regex(pattern).Pattern.Root)));
    }

    private static NfaNode[] NodesOf(PcreNode root)
    {
        var builder = new NfaBuilder(repeatNodesMax: 600);
        builder.Add(root);
        return builder.Build().Nodes;
    }
}
