using SensorGateway.LoadTest.Results;

namespace SensorGateway.Tests.LoadTest;

/// <summary>Results of runs that nobody made.</summary>
internal static class Runs
{
    public static RunResult Of(string program, int? rate, int round) => new()
    {
        Program = program,
        Rate = rate,
        Round = round,
        Sent = 1,
        ExpectedAlerts = 1,
        ReceivedAlerts = 1,
        Lost = 0,
        Duplicates = 0,
        OrderViolations = 0,
        UnexpectedAlerts = 0,
        PayloadsPerSecond = 1,
        CpuSeconds = 1,
        CpuPercentOfCore = 1,
        CpuUsPerPayload = 1,
        PeakRssMb = 1,
    };
}
