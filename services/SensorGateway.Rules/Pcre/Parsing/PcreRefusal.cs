namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>Leaves the parser from any depth; <see cref="PcrePattern.TryParse"/> turns it into a <see cref="PcreProblem"/>.</summary>
/// <param name="byteOffset">Bytes into the pattern, from 0.</param>
/// <param name="problem">What is wrong, without a full stop.</param>
/// <param name="fix">What the author can do.</param>
internal sealed class PcreRefusal(int byteOffset, string problem, string fix) : Exception(problem)
{
    public int ByteOffset => byteOffset;

    public string Fix => fix;
}
