namespace SensorGateway.Rules;

/// <summary>Bounds of what is read, so that no file can exhaust the gateway.</summary>
public static class RuleLimits
{
    /// <summary>Bytes of one rule file.</summary>
    public const int RuleFileBytesMax = 64 << 20;

    /// <summary>Bytes of one hash file: about four million digests.</summary>
    public const int HashFileBytesMax = 256 << 20;

    /// <summary>Bytes of one line of an .ndjson file.</summary>
    public const int LineBytesMax = 1 << 20;

    /// <summary>Bytes of a literal, a guard or an example: the largest payload there is by default.</summary>
    public const int LiteralBytesMax = 64 << 10;

    /// <summary>Characters of an id.</summary>
    public const int IdCharsMax = 128;

    /// <summary>Characters of a title, an author or a tag.</summary>
    public const int TextCharsMax = 256;

    /// <summary>Rules in one set.</summary>
    public const int RulesMax = 100_000;

    /// <summary>Different lists of transforms in one set: each is worked out and scanned for every payload.</summary>
    public const int TransformsMax = 32;

    /// <summary>Problems listed for one file; more are only counted.</summary>
    public const int ProblemsListedMax = 100;
}
