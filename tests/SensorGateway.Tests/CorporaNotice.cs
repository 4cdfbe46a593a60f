using SensorGateway.TestKit.Detection;
using Xunit.Abstractions;

namespace SensorGateway.Tests;

/// <summary>For tests that need the corpora.</summary>
internal static class CorporaNotice
{
    /// <summary>True, and said aloud, where they are not on this machine: the test then checks nothing.</summary>
    public static bool AreMissing(ITestOutputHelper output)
    {
        if (Corpora.Root is null)
        {
            output.WriteLine("Skipped: no corpora. Set SENSORGATEWAY_CORPORA to their folder.");
        }

        return Corpora.Root is null;
    }
}
