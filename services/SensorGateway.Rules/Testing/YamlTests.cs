using System.Collections.Immutable;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Text;
using SensorGateway.Rules.Yaml;

namespace SensorGateway.Rules.Testing;

/// <summary>Reads a test file: a map with one list, <c>tests</c>.</summary>
internal sealed class YamlTests(ProblemLog problems, string path)
{
    private const string Example = "write 'tests:' and below it \"  - { payload: '…', match: [rule.id] }\"";
    private static readonly string[] Keys = ["name", "payload", "file", "match", "clean", "exactly"];

    private readonly YamlValues _values = new(problems);
    private readonly TermBuilder _terms = new(problems, isImported: false);

    /// <returns>The tests that are right; what is wrong with the others is in the log.</returns>
    public IReadOnlyList<RuleTest> Read(ReadOnlySpan<byte> file)
    {
        if (YamlEncoding.Decode(file, problems) is not { } text)
        {
            return [];
        }

        var root = YamlTree.Read(text, problems);
        if (root is YamlMap map && new YamlFields(map, ["tests"], problems)["tests"] is YamlList { Items.Count: > 0 } list)
        {
            return [.. list.Items.Select(ReadTest).OfType<RuleTest>()];
        }

        if (problems.IsEmpty)
        {
            problems.Add(0, 0, "there is no test in this file", Example);
        }

        return [];
    }

    private RuleTest? ReadTest(YamlNode node)
    {
        if (node is not YamlMap map)
        {
            problems.Add(node.Position, $"a test is a map, not a {YamlValues.KindOf(node)}", Example);
            return null;
        }

        var fields = new YamlFields(map, Keys, problems);
        var payload = _values.Text(fields["payload"], "payload");
        var file = _values.Line(fields["file"], "file");
        if (fields["payload"] is null == fields["file"] is null)
        {
            problems.Add(
                map.Position, fields["file"] is null ? "this test has no payload" : "this test has a payload and a file",
                "give it either payload: or file:");
        }

        if (fields["match"] is null && fields["clean"] is null && fields["exactly"] is null)
        {
            problems.Add(
                map.Position, "this test expects nothing",
                "say which rules match: match: [id], clean: [id], or exactly: [id] ([] for none)");
        }

        return new RuleTest
        {
            Name = _values.Line(fields["name"], "name") ?? $"line {map.Position.Line}",
            Position = map.Position,
            Payload = payload is { } written ? _terms.Bytes(written) ?? [] : default,
            PayloadFile = file is null ? null : Path.GetFullPath(file, Path.GetDirectoryName(path)!),
            Match = ReadIds(fields["match"], "match"),
            Clean = ReadIds(fields["clean"], "clean"),
            Exactly = fields["exactly"] is { } exactly ? ReadIds(exactly, "exactly") : null,
        };
    }

    private ImmutableArray<ExpectedRule> ReadIds(YamlNode? node, string name) =>
        [.. _values.Texts(node, name).Select(text => new ExpectedRule(text.Value, text.Position))];
}
