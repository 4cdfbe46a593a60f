namespace SensorGateway.Cli.Payloads;

/// <summary>How payloads lie in a file.</summary>
internal enum PayloadFormat
{
    /// <summary>Unsigned 32-bit big-endian length, then the payload; what a TCP source takes.</summary>
    Frames,

    /// <summary>One payload a line; CR stripped, empty lines skipped.</summary>
    Lines,

    /// <summary>One JSON object a line with the payload in <c>b64</c> (base64) or <c>text</c>.</summary>
    Ndjson,
}
