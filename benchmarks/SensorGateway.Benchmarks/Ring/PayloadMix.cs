namespace SensorGateway.Benchmarks.Ring;

/// <summary>Payloads as sensors send them: mostly about 200 bytes, some tiny, a few up to 4 KiB.</summary>
internal static class PayloadMix
{
    public static byte[][] Create(int count)
    {
        var random = new Random(20_261_120);
        var payloads = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var bytes = random.Next(100) switch
            {
                < 85 => random.Next(140, 260),
                < 95 => random.Next(64, 512),
                _ => random.Next(512, 4_096),
            };
            payloads[i] = new byte[bytes];
            random.NextBytes(payloads[i]);
        }

        return payloads;
    }
}
