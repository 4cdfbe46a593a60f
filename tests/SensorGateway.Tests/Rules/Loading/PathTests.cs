using SensorGateway.Rules;
using SensorGateway.TestKit;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Rules.Loading;

public sealed class PathTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("rules", "a b c d")]
    [InlineData("rules/", "a b c d")]
    [InlineData("rules/*.yaml", "a")]
    [InlineData("rules/*", "a b")]
    [InlineData("rules/**", "a b c d")]
    [InlineData("rules/**/*.yml", "c")]
    [InlineData("rules/sub/?.yml", "c")]
    [InlineData("rules/s*/**", "c d")]
    [InlineData("**/d.yaml", "d")]
    [InlineData("rules/sub/../a.yaml", "a")]
    public void Load_FileFolderOrGlob_FindsItsRules(string path, string ids)
    {
        using var folder = ExampleFolder();

        Assert.Equal(ids.Split(' '), Ids(folder.Load([path])));
        Assert.Equal(ids.Split(' '), Ids(folder.Load([Path.Combine(folder.Root, path)])));
    }

    [Fact]
    public void Load_OneFileByTwoPaths_LoadsItOnce()
    {
        using var folder = ExampleFolder();

        Assert.Equal(["a", "b", "c", "d"], Ids(folder.Load(["rules", "rules/a.yaml", "rules/**"])));
    }

    [Fact]
    public void Load_SameIdInTwoFiles_NamesBothPlaces()
    {
        using var folder = ExampleFolder();
        folder.Write("more/x.yaml", "rules:\n - { id: a, match: { literal: x } }");

        Assert.Equal(
            ["more/x.yaml:2:4: the id 'a' is already that of rules/a.yaml:2:4; give each rule and hash list its own."],
            RuleFolder.Messages(folder.Load(["rules", "more"])));
    }

    [Fact]
    public void Load_PathsThatGiveNothing_AreAllReported()
    {
        using var folder = ExampleFolder();
        folder.Write("empty/readme.txt", "x");
        folder.Write("rules.json", "{}");

        Assert.Equal(
            [
                $"nowhere: there is no such file or folder; correct the path; relative ones start at {folder.Root}.",
                $"empty: no file is found here; add one ending in .yaml, .yml, .ndjson, or correct the path; relative ones start at {folder.Root}.",
                $"x/*.yaml: no file is found here; add one ending in .yaml, .yml, .ndjson, or correct the path; relative ones start at {folder.Root}.",
                "(empty path): an empty path names no file; write a file, a folder or a glob.",
                $"ioc.txt: there is no such file or folder; correct the path; relative ones start at {folder.Root}.",
                "rules.json: this is no rule file; use a file ending in .yaml, .yml, .ndjson.",
            ],
            RuleFolder.Messages(folder.Load(["nowhere", "empty", "x/*.yaml", "", "rules.json"], "ioc.txt")));
    }

    [Fact]
    public void Load_LinkOutOfTheFolder_IsRefused()
    {
        using var folder = ExampleFolder();
        using var outside = new RuleFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Root, "rules", "z.yaml"), outside.Write("z.yaml", "rules: []"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "rules", "zz"), outside.Root);

        Assert.Equal(
            [
                "rules/z.yaml: this link leads out of its folder; copy the file here, or name its real path in the configuration.",
                "rules/zz: this link leads out of its folder; copy the file here, or name its real path in the configuration.",
            ],
            RuleFolder.Messages(folder.Load(["rules"])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_LinksWithinTheFolderEvenInCircles_AreNoTrap()
    {
        using var folder = ExampleFolder();
        var rules = Path.Combine(folder.Root, "rules");
        Directory.CreateSymbolicLink(Path.Combine(rules, "sub", "up"), rules);
        File.CreateSymbolicLink(Path.Combine(rules, "a2.yaml"), Path.Combine(rules, "sub", "deep", "d.yaml"));

        Assert.Equal(
            ["rules/sub/deep/d.yaml:2:4: the id 'd' is already that of rules/a2.yaml:2:4; give each rule and hash list its own."],
            RuleFolder.Messages(folder.Load(["rules"])));
    }

    [Fact]
    public void Load_HiddenFiles_AreLeftAlone()
    {
        using var folder = ExampleFolder();
        folder.Write("rules/.draft.yaml", "not even YAML: [");
        folder.Write("rules/..2026/a.yaml", "rules:\n - { id: a, match: { literal: x } }");

        Assert.Equal(["a", "b", "c", "d"], Ids(folder.Load(["rules"])));
    }

    [Fact]
    public void Load_UnreadableFile_SaysSo()
    {
        if (!OperatingSystem.IsLinux())
        {
            output.WriteLine("skipped: only on Linux can a thread open files as another user");
            return;
        }

        using var folder = ExampleFolder();
        File.SetUnixFileMode(folder.Root, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(folder.Root, "rules", "a.yaml"), UnixFileMode.None);

        Assert.Equal(
            ["rules/a.yaml: this file cannot be read; give the gateway's user the right to read it."],
            RuleFolder.Messages(OtherUser.Run(() => folder.Load(["rules"]))));
    }

    [Fact]
    public void Load_PipesAndDevices_AreRefusedWithoutWaitingForAnybody()
    {
        if (!OperatingSystem.IsLinux())
        {
            output.WriteLine("skipped: only Linux has these files");
            return;
        }

        using var folder = new RuleFolder();
        using (var make = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder.Root, "pipe.yaml")))
        {
            make.WaitForExit();
            Assert.Equal(0, make.ExitCode);
        }

        File.CreateSymbolicLink(Path.Combine(folder.Root, "zero.yaml"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(folder.Root, "zero.txt"), "/dev/zero");
        const string odd = "this is no regular file but a pipe, socket or device; copy its content into a file.";

        Assert.Equal(
            [$"pipe.yaml: {odd}", $"zero.yaml: {odd}", $"zero.txt: {odd}"],
            RuleFolder.Messages(folder.Load(["pipe.yaml", "zero.yaml"], "zero.txt")));
        Assert.Contains($"pipe.yaml: {odd}", RuleFolder.Messages(folder.Load(["*.yaml"])));
    }

    [Fact]
    public async Task Load_FileThatIsBeingWritten_IsReadWholeOrRefused()
    {
        const string rule = "rules:\n - { id: a, match: { literal: x } }\n";
        using var folder = new RuleFolder();
        var path = folder.Write("r.yaml", rule + new string('#', 4 << 20));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            while (!stop.IsCancellationRequested && file.Length < 32 << 20)
            {
                file.Write("#"u8);
            }
        });
        var seen = new HashSet<string>();
        for (var i = 0; i < 500 && seen.Count == 0 && !writer.IsCompleted; i++)
        {
            var result = folder.Load(["r.yaml"]);
            seen.UnionWith(result.Problems.Select(problem => problem.ToString()));
            Assert.Equal(result.Problems.IsEmpty, result.Rules is not null);
        }

        await stop.CancelAsync();
        await writer;
        Assert.Equal(["r.yaml: this file changes while it is read; write it under another name and rename it into place."], seen);
        Assert.Empty(folder.Load(["r.yaml"]).Problems); // Nobody writes any more.
    }

    private static RuleFolder ExampleFolder()
    {
        var folder = new RuleFolder();
        foreach (var (file, id) in new[] { ("a.yaml", "a"), ("sub/c.yml", "c"), ("sub/deep/d.yaml", "d") })
        {
            folder.Write("rules/" + file, $"rules:\n - {{ id: {id}, match: {{ literal: x }} }}");
        }

        folder.Write("rules/b.ndjson", """{"id":"b","kind":"literal","pattern":"x"}""");
        folder.Write("rules/notes.md", "# notes");
        return folder;
    }

    private static IEnumerable<string> Ids(RuleLoadResult result)
    {
        Assert.Empty(result.Problems.Select(problem => problem.ToString()));
        return result.Rules!.Rules.Select(rule => rule.Id);
    }

    [Theory]
    [InlineData("rules", "rules", true)]
    [InlineData("rules/a.yaml", "rules", false)]
    [InlineData("rules/*.yaml", "rules", false)]
    [InlineData("rules/**", "rules", true)]
    [InlineData("ru*/x/a.yaml", "", true)]
    [InlineData("not/there/yet.yaml", "not/there", false)]
    public void Folders_AreWhereAChangeWouldBeSeen(string path, string expected, bool recursive)
    {
        using var folder = new RuleFolder();
        folder.Write("rules/a.yaml", "");

        var (watched, below) = Assert.Single(RuleLoader.Folders([path], [path], folder.Root));

        Assert.Equal((Path.Combine(folder.Root, expected).TrimEnd('/'), recursive), (watched, below));
    }

    [Fact]
    public void Files_AreThoseThatLoadWouldRead()
    {
        using var folder = new RuleFolder();
        folder.Write("rules/a.yaml", "");
        folder.Write("rules/deep/b.ndjson", "");
        folder.Write("rules/c.txt", "");
        folder.Write("ioc.txt", "");

        var files = RuleLoader.Files(["rules/", "missing.yaml"], ["ioc.txt", "rules/c.txt"], folder.Root);

        Assert.Equal(
            ["rules/a.yaml", "rules/deep/b.ndjson", "ioc.txt", "rules/c.txt"],
            files.Select(file => Path.GetRelativePath(folder.Root, file)));
    }
}
