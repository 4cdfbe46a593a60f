using SensorGateway.Pipeline.Detection.Verdicts;

namespace SensorGateway.Pipeline.Detection;

/// <summary>What one payload was found to be. Lent by the detector: valid until its next Inspect.</summary>
public readonly ref struct Verdict
{
    private readonly RuleProgram _program;

    internal Verdict(RuleProgram program, CachedVerdict verdict, bool fromCache)
    {
        _program = program;
        Rules = verdict.Rules;
        Sha256 = verdict.Sha256;
        FromCache = fromCache;
    }

    /// <summary>True when no rule matched.</summary>
    public bool IsClean => Rules.IsEmpty;

    /// <summary>Indexes into <see cref="RuleProgram.Reported"/>, ascending, each once.</summary>
    public ReadOnlySpan<int> Rules { get; }

    /// <summary>The payload's digest, 32 bytes; empty when no rule and no hash list asked for it.</summary>
    public ReadOnlySpan<byte> Sha256 { get; }

    /// <summary>True when an identical payload had been inspected before.</summary>
    public bool FromCache { get; }

    /// <summary>Label of the entry through which a hash list hit; null for other rules and for entries without.</summary>
    /// <param name="rule">One of <see cref="Rules"/>.</param>
    public string? HashLabelOf(int rule)
    {
        var list = rule - _program.Rules.Rules.Length;
        return list < 0 || Sha256.IsEmpty ? null : _program.Digests!.LabelOf(list, Sha256);
    }
}
