using SensorGateway.Pipeline.Detection.Verdicts;

namespace SensorGateway.Tests.Detection.Verdicts;

/// <summary>Our own cache, in every build.</summary>
public sealed class SlabVerdictCacheTests : VerdictCacheContract
{
    internal override IVerdictCache Create(int entries, int payloadBytesMax) => new SlabVerdictCache(entries, payloadBytesMax);
}
