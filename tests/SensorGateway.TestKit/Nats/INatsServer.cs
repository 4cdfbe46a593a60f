using SensorGateway.Nats;

namespace SensorGateway.TestKit.Nats;

/// <summary>A nats-server for one test, wherever it runs.</summary>
public interface INatsServer : IDisposable
{
    /// <summary>The address without credentials.</summary>
    NatsEndpoint Endpoint { get; }

    /// <summary>The address as users write it.</summary>
    string Url { get; }
}
