using System.CommandLine;

namespace SensorGateway.Cli;

/// <summary>Options that several verbs share; each verb makes its own.</summary>
internal static class CommonOptions
{
    /// <summary>Read when no other file is named.</summary>
    public const string DefaultConfigFile = "gateway.yaml";

    public static Option<string?> Config() => new("--config", "-c")
    {
        Description = $"Configuration file; {DefaultConfigFile} in this folder unless told.",
        HelpName = "FILE",
    };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Overrides one key of the configuration: --set publishing.connections=8. May be repeated.",
        HelpName = "key=value",
    };

    public static Option<string[]> Rules() => new("--rules", "-r")
    {
        Description = "Rule file (.yaml, .ndjson), folder or glob. May be repeated.",
        HelpName = "PATH",
    };

    public static Option<string[]> Hashes() => new("--hashes")
    {
        Description = "List of known-bad SHA-256 digests, one a line. May be repeated.",
        HelpName = "PATH",
    };

    public static Option<string?> Socket() => new("--socket")
    {
        Description = "The running gateway's control.socket, where it is not to be taken from a configuration file.",
        HelpName = "PATH",
    };

    public static Option<bool> Json() => new("--json") { Description = "Machine form." };

    public static Option<string> NatsUrl() => new("--nats")
    {
        Description = "NATS server; nats://user:password@host:port where it asks for credentials.",
        HelpName = "URL",
        DefaultValueFactory = static _ => "nats://127.0.0.1:4222",
    };
}
