namespace SensorGateway.Pipeline.Detection.Verdicts;

/// <summary>Which cache remembers verdicts.</summary>
public enum VerdictCacheKind
{
    /// <summary>Our own, without references and locks.</summary>
    Slab,

    /// <summary>The LRU of BitFaster.Caching; only in builds with the upstream packages.</summary>
    BitFaster,
}

/// <summary>Makes the chosen cache, and says which there are in this build.</summary>
public static class VerdictCaches
{
    /// <summary>Whether this build has it.</summary>
    public static bool Has(VerdictCacheKind kind) => kind == VerdictCacheKind.Slab || UpstreamPackages.AreBuiltIn;

    /// <summary>Null when the options switch caching off.</summary>
    /// <exception cref="NotSupportedException">This build does not have the cache.</exception>
    internal static IVerdictCache? Create(DetectionOptions options)
    {
        if (options.CacheEntries <= 0)
        {
            return null;
        }

        if (options.CacheKind == VerdictCacheKind.Slab)
        {
            return new SlabVerdictCache(options.CacheEntries, options.CachePayloadBytesMax);
        }

#if UPSTREAM_PACKAGES
        return new BitFaster.BitFasterVerdictCache(options.CacheEntries, options.CachePayloadBytesMax);
#else
        throw new NotSupportedException($"the cache bitfaster is not in this build; {UpstreamPackages.HowToGet}");
#endif
    }
}
