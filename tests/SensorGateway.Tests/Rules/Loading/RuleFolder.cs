using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Rules.Loading;

/// <summary>A temporary folder with rule files; gone when disposed.</summary>
internal sealed class RuleFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sensorgateway-rules-").FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public RuleLoadResult Load(string[] rules, params string[] hashes) => RuleLoader.Load(rules, hashes, Root);

    /// <summary>Loads one file of the given text and name.</summary>
    public static RuleLoadResult LoadText(string text, string name = "r.yaml")
    {
        using var folder = new RuleFolder();
        folder.Write(name, text);
        return folder.Load([name]);
    }

    /// <summary>The one rule of a text that is right.</summary>
    public static Rule LoadRule(string text, string name = "r.yaml")
    {
        var result = LoadText(text, name);
        Assert.Empty(result.Problems.Select(problem => problem.ToString()));
        return Assert.Single(result.Rules!.Rules);
    }

    public static string[] Messages(RuleLoadResult result)
    {
        Assert.Null(result.Rules);
        return [.. result.Problems.Select(problem => problem.ToString())];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
