using SensorGateway.Configuration.Values;

namespace SensorGateway.Configuration.Schema;

/// <summary>Which kinds of source a key belongs to.</summary>
[Flags]
internal enum SourceKinds
{
    None = 0,
    Tcp = 1,
    Unix = 2,
    Udp = 4,
    Streams = Tcp | Unix,
    All = Streams | Udp,
}

/// <summary>One key of the configuration: everything that the loader, the printers and the reference know about it.</summary>
/// <param name="Path">Full name; keys of sources begin with <see cref="SourcePrefix"/>.</param>
/// <param name="Kind">Type and bounds.</param>
/// <param name="Doc">One sentence.</param>
internal sealed record ConfigKey(string Path, ValueKind Kind, string Doc)
{
    /// <summary>Begins the path of a key that every source has.</summary>
    public const string SourcePrefix = "sources.*.";

    /// <summary>As it would stand in the file; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Says in words what holds without the key, where <see cref="Default"/> cannot.</summary>
    public string? DefaultNote { get; init; }

    /// <summary>False: any use is refused with "not in this version".</summary>
    public bool IsBuilt { get; init; } = true;

    /// <summary>Printed masked.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Kinds of source that take the key.</summary>
    public SourceKinds For { get; init; } = SourceKinds.All;

    /// <summary>Kinds of source that cannot do without the key.</summary>
    public SourceKinds RequiredFor { get; init; }

    /// <summary>True for keys of sources.</summary>
    public bool IsOfSource => Path.StartsWith(SourcePrefix, StringComparison.Ordinal);

    /// <summary>The last word of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];
}
