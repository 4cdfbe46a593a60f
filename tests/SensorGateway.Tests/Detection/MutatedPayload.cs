namespace SensorGateway.Tests.Detection;

/// <summary>Payloads that resemble real ones.</summary>
internal static class MutatedPayload
{
    /// <summary>A piece of at most 300 bytes, with up to three of them changed.</summary>
    public static byte[] Of(byte[] payload, Random random)
    {
        var from = random.Next(payload.Length);
        var mutated = payload[from..Math.Min(payload.Length, from + random.Next(300))];
        for (var i = random.Next(4); i > 0 && mutated.Length > 0; i--)
        {
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
        }

        return mutated;
    }
}
