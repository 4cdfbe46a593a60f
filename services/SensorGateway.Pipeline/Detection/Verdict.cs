namespace SensorGateway.Pipeline.Detection;

/// <summary>What one payload was found to be. Lent by the detector: valid until its next Inspect.</summary>
public readonly ref struct Verdict
{
    internal Verdict(ReadOnlySpan<int> rules, ReadOnlySpan<byte> sha256, string? hashLabel, bool fromCache)
    {
        Rules = rules;
        Sha256 = sha256;
        HashLabel = hashLabel;
        FromCache = fromCache;
    }

    /// <summary>True when no rule matched.</summary>
    public bool IsClean => Rules.IsEmpty;

    /// <summary>Indexes into <see cref="RuleProgram.Reported"/>, ascending, each once.</summary>
    public ReadOnlySpan<int> Rules { get; }

    /// <summary>The payload's digest, 32 bytes; empty when no rule and no hash list asked for it.</summary>
    public ReadOnlySpan<byte> Sha256 { get; }

    /// <summary>Label of the first hash list entry that hit; null when none did or it carries none.</summary>
    public string? HashLabel { get; }

    /// <summary>True when an identical payload had been inspected before.</summary>
    public bool FromCache { get; }
}
