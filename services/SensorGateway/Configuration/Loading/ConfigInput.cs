using System.Collections;

namespace SensorGateway.Configuration.Loading;

/// <summary>All that a configuration is made of, so that loading it touches nothing else.</summary>
internal sealed record ConfigInput
{
    /// <summary>Name of the file for messages.</summary>
    public required string File { get; init; }

    /// <summary>Its text.</summary>
    public required string Text { get; init; }

    /// <summary>What relative paths start from.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of --set, in order.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Default of <c>gateway.name</c>.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>The process's own environment variables.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
