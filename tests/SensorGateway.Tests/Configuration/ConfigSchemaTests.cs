using System.Text;
using System.Text.Json;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Printing;
using SensorGateway.Configuration.Schema;

namespace SensorGateway.Tests.Configuration;

public sealed class ConfigSchemaTests
{
    [Fact]
    public void Keys_HaveOneSentenceAndNoDouble()
    {
        Assert.All(ConfigSchema.Keys, key => Assert.Matches(@"\A[A-Za-z].*\.\z|\A.*\$\{file:PATH\}\.\z|\A[a-z].*\.\z", key.Doc));
        Assert.Equal(ConfigSchema.Keys.Length, ConfigSchema.Keys.Select(key => key.Path).Distinct().Count());
    }

    [Fact]
    public void Profiles_DifferOnlyInKeysOfTheSchema_AndLoad()
    {
        foreach (var profile in ConfigProfiles.Names)
        {
            var loaded = Configs.Load(Configs.OneSource, $"profile={profile}");

            Assert.Empty(loaded.Problems);
            Assert.All(ConfigProfiles.Of(profile), pair =>
            {
                Assert.NotEqual(ConfigSchema.ByPath[pair.Key].Default, pair.Value);
                Assert.Equal($"profile {profile}", loaded.Settings.Find(pair.Key)!.Origin);
            });
        }
    }

    [Fact]
    public void JsonSchema_HasExactlyTheBuiltKeys()
    {
        using var bytes = new MemoryStream();
        ConfigJsonSchema.Write(bytes);
        using var schema = JsonDocument.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        var paths = new List<string>();
        Collect(schema.RootElement, "", paths);

        Assert.Equal(
            ConfigSchema.Keys.Where(key => key.IsBuilt).Select(key => key.Path).Order(StringComparer.Ordinal),
            paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryBuiltKey_CanBeSetByFlagAndByVariable()
    {
        var shown = Configs.Load(Configs.OneSource).Settings;
        foreach (var value in shown.All.Where(value => !value.Key.IsSecret))
        {
            var text = value.Shown.Trim('"');
            var variable = "SENSORGATEWAY__" + value.Path.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);
            var byFlag = Configs.Load(Configs.OneSource, $"{value.Path}={text}");
            var byVariable = Configs.Load(Configs.OneSource, new Dictionary<string, string> { [variable] = text });

            Assert.Empty(byFlag.Problems);
            Assert.Empty(byVariable.Problems);
            Assert.Equal((value.Shown, "--set"), Of(byFlag, value.Path));
            Assert.Equal((value.Shown, variable), Of(byVariable, value.Path));
        }
    }

    private static (string Shown, string Origin) Of(ConfigLoadResult loaded, string path) =>
        (loaded.Settings.Find(path)!.Shown, loaded.Settings.Find(path)!.Origin);

    private static void Collect(JsonElement section, string path, List<string> paths)
    {
        foreach (var property in section.GetProperty("properties").EnumerateObject())
        {
            var name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (property.Value.TryGetProperty("properties", out _))
            {
                Collect(property.Value, name, paths);
            }
            else if (property.Value.TryGetProperty("items", out var items) && items.TryGetProperty("properties", out _))
            {
                Collect(items, name + ".*", paths);
            }
            else
            {
                paths.Add(name);
            }
        }
    }
}
