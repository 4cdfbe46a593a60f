using System.Text;
using SensorGateway.Nats;
using Testcontainers.Nats;

namespace SensorGateway.TestKit.Nats.Containers;

/// <summary>A real nats-server in a container, for as long as the test needs it. It always has JetStream.</summary>
public sealed class NatsServerContainer : INatsServer
{
    private const string Image = "nats:2.10-alpine";
    private const int ClientPort = 4222;
    private const string ConfigurationFile = "/etc/nats/test.conf";

    private readonly NatsContainer _container;

    private NatsServerContainer(NatsContainer container) => _container = container;

    /// <inheritdoc/>
    public NatsEndpoint Endpoint => new(_container.Hostname, _container.GetMappedPublicPort(ClientPort));

    /// <inheritdoc/>
    public string Url => Endpoint.ToString();

    /// <summary>Starts a container and waits until the server in it takes connections.</summary>
    /// <exception cref="NotSupportedException">The setup asks for a fixed port, which only a process can have.</exception>
    public static NatsServerContainer Start(NatsServerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        if (setup.Port is not null)
        {
            throw new NotSupportedException("a container has a free port; start a NatsServerProcess for a fixed one");
        }

        var builder = new NatsBuilder(Image).WithCommand([.. ArgumentsFor(setup)]);
        if (setup.User is { } user)
        {
            builder = builder.WithUsername(user).WithPassword(setup.Password ?? string.Empty);
        }

        if (setup.Configuration is { } configuration)
        {
            builder = builder.WithResourceMapping(Encoding.UTF8.GetBytes(configuration), ConfigurationFile);
        }

        var container = builder.Build();
        try
        {
            container.StartAsync().GetAwaiter().GetResult();
            return new NatsServerContainer(container);
        }
        catch
        {
            container.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _container.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static IEnumerable<string> ArgumentsFor(NatsServerSetup setup) =>
    [
        .. setup.Token is { } token ? (string[])["--auth", token] : [],
        .. setup.Configuration is null ? (string[])[] : ["-c", ConfigurationFile],
        .. setup.MoreArguments,
    ];
}
