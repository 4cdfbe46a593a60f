namespace SensorGateway;

/// <summary>What the process's exit code says to scripts. Codes are never given another meaning.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The command worked and its answer is no: <c>replay --fail-on-alert</c>, a gateway that does not answer.</summary>
    public const int Negative = 1;

    /// <summary>A rule or hash file is wrong.</summary>
    public const int BadRules = 2;

    /// <summary>The configuration is wrong.</summary>
    public const int BadConfig = 3;

    /// <summary>This machine does not fit: port in use, no permission, NATS not reachable.</summary>
    public const int BadEnvironment = 4;

    /// <summary>The command line itself is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>An input file is missing or broken (EX_NOINPUT).</summary>
    public const int BadInput = 66;

    /// <summary>A worker thread died (EX_SOFTWARE).</summary>
    public const int WorkerDied = 70;
}
