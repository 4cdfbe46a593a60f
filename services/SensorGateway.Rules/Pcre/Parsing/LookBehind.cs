namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>Which look-behinds mean the same to PCRE, which reads them forwards, and .NET, which reads them backwards.</summary>
internal static class LookBehind
{
    /// <summary>As PCRE2 10.43; earlier versions demand a fixed length.</summary>
    public const int BytesMax = 255;

    /// <exception cref="PcreRefusal">The body has no bound, or its direction would show.</exception>
    public static void Check(PcreNode body, int byteOffset)
    {
        var bytes = ByteLength.Of(body);
        if (bytes.Max > BytesMax && !bytes.IsFixed)
        {
            throw new PcreRefusal(
                byteOffset, "this look-behind has no bounded length",
                $"bound its repeats so that it spans at most {BytesMax} bytes");
        }

        if (PcreNodes.Walk(body).Any(node => node is BackReferenceNode or ConditionNode))
        {
            throw new PcreRefusal(
                byteOffset, "this look-behind refers to a group", "write what the group matches instead");
        }

        if (!EachFixed(body) && PcreNodes.Walk(body).Any(IsDirected))
        {
            throw new PcreRefusal(
                byteOffset, "this look-behind has a variable length and an atomic or capturing group",
                "use plain (?:...) groups in it");
        }
    }

    private static bool EachFixed(PcreNode body) => body is AlternateNode alternate
        ? alternate.Options.All(option => ByteLength.Of(option).IsFixed)
        : ByteLength.Of(body).IsFixed;

    private static bool IsDirected(PcreNode node) =>
        node is GroupNode or AtomicNode or RepeatNode { Kind: RepeatKind.Possessive };
}
