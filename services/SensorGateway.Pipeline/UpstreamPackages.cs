namespace SensorGateway.Pipeline;

/// <summary>Whether this build has what only the full public package registry carries.</summary>
public static class UpstreamPackages
{
    /// <summary>How a user comes by what is missing.</summary>
    public const string HowToGet = "build the gateway with dotnet build -p:UpstreamPackages=true";

    /// <summary>True for builds with <c>-p:UpstreamPackages=true</c>.</summary>
    public static bool AreBuiltIn =>
#if UPSTREAM_PACKAGES
        true;
#else
        false;
#endif
}
