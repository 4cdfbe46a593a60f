using SensorGateway.Rules.Model;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Yaml;

/// <summary>A piece of a YAML file with its place; without anchors, aliases and tags.</summary>
internal abstract record YamlNode(SourcePosition Position);

/// <summary>A scalar.</summary>
/// <param name="Position">Of its first character or quote.</param>
/// <param name="Written">The value and where it starts.</param>
/// <param name="IsPlain">Without quotes: null, true and numbers are such.</param>
internal sealed record YamlText(SourcePosition Position, WrittenText Written, bool IsPlain) : YamlNode(Position)
{
    public string Value => Written.Value;

    /// <summary>True for <c>key:</c> with nothing after it.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(SourcePosition Position, IReadOnlyList<YamlNode> Items) : YamlNode(Position);

/// <summary>A mapping in file order; keys may still stand twice.</summary>
internal sealed record YamlMap(SourcePosition Position, IReadOnlyList<(YamlText Key, YamlNode Value)> Entries)
    : YamlNode(Position);
