using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SensorGateway.TestKit.Detection;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Rules.Loading;

public sealed class HashListTests(ITestOutputHelper output)
{
    private static readonly string Digest = string.Concat(Enumerable.Repeat("a1", 32));

    [Fact]
    public void Load_DigestsWithLabels_ReadsBoth()
    {
        using var folder = new RuleFolder();
        folder.Write("bad.txt", $"# comment\r\n{Digest}\r\n\n{Digest.ToUpperInvariant()}  a label \n{Digest};x\n{Digest},y; z\n{Digest} *file.exe");

        var list = Assert.Single(folder.Load([], "bad.txt").Rules!.HashLists);

        Assert.Equal("bad", list.Name);
        Assert.Equal(5, list.Count);
        Assert.Equal(new string?[] { null, "a label", "x", "y; z", "*file.exe" }, list.Labels);
        Assert.All(list.Digests.ToArray(), value => Assert.Equal(0xA1, value));
    }

    [Fact]
    public void Load_NoLabels_KeepsNoArrayOfThem()
    {
        using var folder = new RuleFolder();
        folder.Write("ioc/a.txt", Digest);

        Assert.Null(Assert.Single(folder.Load([], "ioc/*.txt").Rules!.HashLists).Labels);
    }

    [Theory]
    [InlineData("", "bad.txt: there is no digest in this file; add one, or take the file out of the configuration.")]
    [InlineData("# only a comment\n", "bad.txt: there is no digest in this file; add one, or take the file out of the configuration.")]
    [InlineData("abc\n", "bad.txt:1:1: this is no SHA-256 digest but has 3 hexadecimal digits; write 64 hexadecimal digits, or # before a comment.")]
    [InlineData("#\n  12xz\n", "bad.txt:2:3: this is no SHA-256 digest but has another character among the digits; write 64 hexadecimal digits, or # before a comment.")]
    public void Load_MalformedLine_SaysWhereAndHow(string text, string message)
    {
        using var folder = new RuleFolder();
        folder.Write("bad.txt", text);

        Assert.Equal([message], RuleFolder.Messages(folder.Load([], "bad.txt")));
    }

    [Fact]
    public void Load_ThousandMalformedLines_ListsHundredAndCountsTheRest()
    {
        using var folder = new RuleFolder();
        folder.Write("bad.txt", string.Concat(Enumerable.Repeat("x\n", 1000)));

        var messages = RuleFolder.Messages(folder.Load([], "bad.txt"));

        Assert.Equal(101, messages.Length);
        Assert.Equal("bad.txt: 900 more problems are not listed; repair the listed ones first.", messages[^1]);
    }

    [Fact]
    public void Load_MillionDigestsWithOneBadLine_NamesThatLine()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 1_000_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i:x64}\n");
        }

        text[777_777 * 65 + 5] = 'g';
        using var folder = new RuleFolder();
        folder.Write("big.txt", text.ToString());

        Assert.StartsWith("big.txt:777778:1: this is no SHA-256 digest", Assert.Single(RuleFolder.Messages(folder.Load([], "big.txt"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b.txt", "a b.txt: this file's name becomes the rule id 'ioc.a b', and an id has no ' '; rename it; use letters, digits and . _ - :.")]
    public void Load_NameThatIsNoId_IsRefused(string name, string message)
    {
        using var folder = new RuleFolder();
        folder.Write(name, Digest);

        Assert.Equal([message], RuleFolder.Messages(folder.Load([], name)));
    }

    [Fact]
    public void Load_TwoListsOfOneName_AreRefused()
    {
        using var folder = new RuleFolder();
        folder.Write("a/x.txt", Digest);
        folder.Write("b/x.txt", Digest);

        Assert.Equal(
            ["b/x.txt: the id 'ioc.x' is already that of a/x.txt; give each rule and hash list its own."],
            RuleFolder.Messages(folder.Load([], "*/x.txt")));
    }

    [Fact]
    public void Load_SharedIocList_HoldsThePayloadsItSaysItHits()
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var list = Assert.Single(SensorGateway.Rules.RuleLoader.Load([], [Corpora.PathOf("ioc/sha256.txt")], "/").Rules!.HashLists);
        var digests = list.Digests.ToArray().Chunk(32).Select(Convert.ToHexString).ToHashSet();
        var hits = new[] { "benign", "attack", "seeded" }
            .Sum(name => Corpora.Payloads(name)
                .Count(payload => digests.Contains(Convert.ToHexString(SHA256.HashData(payload)))));

        Assert.Equal(100_200, list.Count);
        Assert.Equal(203, hits);
    }
}
