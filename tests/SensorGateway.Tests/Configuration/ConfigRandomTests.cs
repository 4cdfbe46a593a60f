using System.Text;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Printing;
using SensorGateway.Configuration.Schema;

namespace SensorGateway.Tests.Configuration;

/// <summary>Random documents: the loader never throws, and what it prints it reads again.</summary>
public sealed class ConfigRandomTests
{
    private const int Documents = 3000;

    private static readonly string[] Pieces =
    [
        "sources:", "publishing:", "  ", "\n", "\n  ", "- ", "{ ", " }", "[ ", " ]", ", ", ": ", "\t", "'", "\"", "#", "&a ", "*a", "!!str ", "|\n", ">\n",
        "id", "type: tcp", "listen: 127.0.0.1:7400", "batch", "max_window: 1ms", "${", "}", "${HOME}", "${X:-1}", "$${", "---\n", "...\n", "<<: ", "? ",
        "\\x", "\\u12", "%YAML 1.2\n", "\u0000", "\u0085", "\uFEFF", "é", "\U0001F600", "\ud800", "99999999999999999999", "ring", "slots", "~", "@", "`",
    ];

    [Fact]
    public void Load_OnRandomDocuments_NeverThrows()
    {
        var random = new Random(20261);
        for (var i = 0; i < Documents; i++)
        {
            var text = new StringBuilder(random.Next(2) == 0 ? Configs.OneSource : "");
            for (var length = random.Next(1, 40); length > 0; length--)
            {
                text.Append(Pieces[random.Next(Pieces.Length)]);
            }

            var loaded = Configs.Load(text.ToString());
            Assert.True(loaded.Config is not null ^ loaded.Problems.Length > 0, text.ToString());
            Assert.All(loaded.Problems, problem => Assert.DoesNotContain('\n', problem.ToString()));
        }
    }

    [Fact]
    public void Load_OnMutatedSample_NeverThrows()
    {
        var random = new Random(20262);
        var sample = Shown(Configs.Load(Configs.OneSource));
        for (var i = 0; i < Documents / 10; i++)
        {
            var text = sample.ToCharArray();
            for (var flips = random.Next(1, 8); flips > 0; flips--)
            {
                text[random.Next(text.Length)] = (char)random.Next(0, 128);
            }

            var loaded = Configs.Load(new string(text));
            Assert.True(loaded.Config is not null ^ loaded.Problems.Length > 0);
        }
    }

    [Fact]
    public void Load_OnDeepNesting_Refuses() =>
        Assert.Contains(
            "gateway.yaml:1:21: YAML nests deeper than 16 levels; no key needs that: look for a stray bracket.",
            Configs.Problems("log: " + new string('[', 5000) + new string(']', 5000)));

    [Fact]
    public void Show_OfRandomValidConfigs_LoadsAgainToTheSame()
    {
        var random = new Random(20263);
        for (var i = 0; i < Documents / 10; i++)
        {
            var sets = Enumerable.Range(0, random.Next(1, 8)).Select(_ => RandomSet(random)).ToArray();
            var first = Configs.Load(Configs.OneSource, sets);
            Assert.Empty(first.Problems);

            var shown = Shown(first);
            var again = Configs.Load(shown);

            Assert.Empty(again.Problems);
            Assert.Equal(Values(first), Values(again));
            Assert.Equal(first.Config!.ToString(), again.Config!.ToString());
        }
    }

    private static string RandomSet(Random random) => random.Next(10) switch
    {
        0 => $"profile={ConfigProfiles.Names[random.Next(ConfigProfiles.Names.Count)]}",
        1 => $"publishing.batch.max_window={random.Next(0, 10_000)}us",
        2 => $"ring.overflow={random.Next(256, 1 << 20)}KiB",
        3 => $"rules.paths=[{random.Next()}, \"a b: {random.Next()}\", \"x # y\", \"'\", \"$${{z}}\", \"\\\"\"]",
        4 => $"sources.a.sensor={RandomText(random)}",
        5 => $"threads.pinning={(random.Next(2) == 0 ? "off" : "[1, 0]")}",
        6 => $"publishing.servers=[nats://h{random.Next(9)}:1, \"nats://[::1]:{random.Next(1, 65536)}\", nats://10.0.0.1]",
        7 => $"sources.a.listen=[::]:{random.Next(1, 9464)}",
        8 => $"sources.a.idle_timeout={random.Next(0, 86_400)}s",
        _ => $"publishing.subject=a-{random.Next()}.{{rule}}.{{sensor}}",
    };

    private static string RandomText(Random random)
    {
        const string Alphabet = "ab:# -\"'[]&*!|>%@`,?=~\\$.é\u2028";
        return string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
    }

    private static string Shown(ConfigLoadResult loaded)
    {
        using var text = new StringWriter();
        ConfigShow.Write(loaded, text);
        return text.ToString();
    }

    private static string[] Values(ConfigLoadResult loaded) =>
        [.. loaded.Sources.SelectMany(source => source.All).Concat(loaded.Settings.All).Select(value => $"{value.Path}={value.Shown}")];
}
