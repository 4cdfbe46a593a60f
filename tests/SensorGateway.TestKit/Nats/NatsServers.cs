namespace SensorGateway.TestKit.Nats;

/// <summary>For tests that only need a server, and neither stop it nor send it signals.</summary>
public static class NatsServers
{
    /// <summary>
    /// A process of the local nats-server; in builds with the upstream packages a container, if there is none and Docker
    /// answers.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is neither; the message says how to get one.</exception>
    public static INatsServer Start(NatsServerSetup? setup = null)
    {
#if UPSTREAM_PACKAGES
        if (!NatsServerProgram.Exists && Containers.Docker.WhyNot is null)
        {
            return Containers.NatsServerContainer.Start(setup ?? new NatsServerSetup());
        }
#endif
        return NatsServerProcess.Start(setup);
    }
}
