using SensorGateway.Nats;

namespace SensorGateway.Cli;

/// <summary>Reads the URL of a NATS server from the command line.</summary>
internal static class NatsInput
{
    public static NatsEndpoint Parse(string url) => NatsEndpoint.TryParse(url, out var endpoint, out var problem)
        ? endpoint
        : throw new CommandException(ExitCodes.Usage, $"--nats: {problem}.");
}
