using SensorGateway.Configuration.Loading;

namespace SensorGateway.Tests.Configuration;

/// <summary>Loads configurations from strings.</summary>
internal static class Configs
{
    public const string OneSource = "sources: [ { id: a, type: tcp, listen: 127.0.0.1:7400 } ]\n";

    public static ConfigLoadResult Load(string text, params string[] sets) => Load(text, [], sets);

    public static ConfigLoadResult Load(string text, Dictionary<string, string> environment, params string[] sets) =>
        ConfigLoader.Load(new ConfigInput
        {
            File = "gateway.yaml",
            Text = text,
            BaseDirectory = "/etc/sensor-gateway",
            Environment = environment,
            Sets = sets,
            HostName = "edge-1",
        });

    public static string[] Problems(string text, params string[] sets) =>
        [.. Load(text, sets).Problems.Select(problem => problem.ToString())];
}
