namespace SensorGateway.Rules.Model;

/// <summary>How grave a match is; ordered, so the gravest of several is the maximum.</summary>
public enum Severity : byte
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Look at it some day.</summary>
    Low,

    /// <summary>Look at it soon.</summary>
    Medium,

    /// <summary>Look at it today.</summary>
    High,

    /// <summary>Look at it now.</summary>
    Critical,
}
