using SensorGateway.Rules.Model;
using SensorGateway.Tests.Rules.Pcre;

namespace SensorGateway.Tests.Rules.Loading;

public sealed class NdjsonRuleTests
{
    private const string Escape = @"write \xHH for a byte, \x5c for a backslash.";

    public static TheoryData<string, string[]> Lines => new()
    {
        { "{}", ["r.ndjson:1:1: this rule has no 'id'; add \"id\": \"…\".", "r.ndjson:1:1: this rule has no 'kind'; add \"kind\": \"…\".", "r.ndjson:1:1: this rule has no 'pattern'; add \"pattern\": \"…\"."] },
        { """{"id":"a","kind":"regex","pattern":"a(","nocase":"yes"}""",
            [@"r.ndjson:1:38: bad regex: this group is not closed; add ')', or write \( for the character.", "r.ndjson:1:50: 'nocase' is not true or false; write \"nocase\": true."] },
        { """{"id":"a","kind":"regxe","pattern":"a"}""", ["r.ndjson:1:19: unknown kind 'regxe'; did you mean 'regex'?"] },
        { """{"id":"a","kind":"literal","pattern":"\\x4"}""",
            [@"r.ndjson:1:39: a backslash is not followed by x and two hexadecimal digits (character 1 of '\x4'); " + Escape] },
        { """{"id":"a","kind":"literal","pattern":"é\\x4"}""",
            [@"r.ndjson:1:39: a backslash is not followed by x and two hexadecimal digits (character 2 of 'é\x4'); " + Escape] },
        { """{"id":"a","kind":"literal","pattern":"a","nocsae":true}""", ["r.ndjson:1:42: unknown field 'nocsae'; did you mean 'nocase'?"] },
        { "[1]", ["r.ndjson:1:1: this line is no JSON object: a rule starts with '{'; write one rule a line as {\"id\": …}."] },
        { "not json", ["r.ndjson:1:2: this line is no JSON object: 'not json' is an invalid JSON literal; write one rule a line as {\"id\": …}."] },
        { """{"id":"a","kind":"literal","pattern":"a"} x""", ["r.ndjson:1:43: this line is no JSON object: 'x' is invalid after a single JSON value; write one rule a line as {\"id\": …}."] },
        { """{"id":"a","kind":"regex","pattern":"\u0041\\d("}""",
            [@"r.ndjson:1:37: bad regex: this group is not closed (character 4 of 'A\d('); add ')', or write \( for the character."] },
        { """{"id":"a","kind":"regex","pattern":"a","flags":"sz","guard":[1]}""",
            ["r.ndjson:1:49: unknown flag 'z'; use letters of i, s, m and x.", "r.ndjson:1:61: 'guard' is not a list of texts; write \"guard\": [\"…\"]."] },
        { """{"id":"a","kind":"literal","pattern":"a","guard":["b"]}""", ["r.ndjson:1:52: a literal has no guard; leave the guard out, or make the rule a regex."] },
        { """{"id":"a","id":"b","kind":"literal","pattern":"a"}""", ["r.ndjson:1:11: field 'id' stands here twice; keep one."] },
        { """{"id":"a b","kind":"literal","pattern":""}""",
            ["r.ndjson:1:8: an id has no ' '; use letters, digits and . _ - :.", "r.ndjson:1:41: an empty literal is in every payload; write the bytes that must occur."] },
        { """{"id":"a","kind":"literal","pattern":"\ud800"}""",
            [@"r.ndjson:1:1: a text on this line has half a surrogate pair (\ud800 to \udfff alone); write both halves."] },
        { "\n \n", ["r.ndjson: there is no rule in this file; add one, or take the file out of the configuration."] },
        { """
            {"id":"a","kind":"literal","pattern":"a"}
            {"id":"a","kind":"literal","pattern":"a"}
            """, ["r.ndjson:2:1: the id 'a' is already that of r.ndjson:1:1; give each rule and hash list its own."] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Load_BadLine_SaysWhereAndHow(string line, string[] messages) =>
        Assert.Equal(messages, RuleFolder.Messages(RuleFolder.LoadText(line, "r.ndjson")));

    [Fact]
    public void Load_EveryKnownField_ReadsOrIgnoresIt()
    {
        var rule = RuleFolder.LoadRule(
            """{"id":"et-1","kind":"regex","pattern":"a.b","nocase":true,"flags":"s","guard":["x\\x00"],"guard_nocase":false,"required":true,"refused_by":["re2"],"source":"et","licence":"MIT","why":"x"}""",
            "r.ndjson");

        Assert.Equal("et-1", rule.Title);
        Assert.Equal(Severity.Medium, rule.Severity);
        var term = Assert.IsType<RegexTerm>(rule.Match);
        Assert.NotNull(PcreText.Match(PcreText.Regex(term.Pattern), "A\nB"u8));
        var guard = Assert.Single(term.Guards);
        Assert.Equal("x\0"u8.ToArray(), guard.Bytes.ToArray());
        Assert.False(guard.NoCase);
    }

    [Fact]
    public void Load_NotUtf8_SaysWhichLine()
    {
        using var folder = new RuleFolder();
        folder.Write("r.ndjson", [.. "{}\n\"\xE9\""u8[..4], 0xE9, (byte)'"']);

        Assert.Contains(
            @"r.ndjson:2:1: this line is not valid UTF-8; save the file as UTF-8; write other bytes as \xHH.",
            RuleFolder.Messages(folder.Load(["r.ndjson"])));
    }
}
