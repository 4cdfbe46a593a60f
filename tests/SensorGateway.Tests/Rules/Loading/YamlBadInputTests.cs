namespace SensorGateway.Tests.Rules.Loading;

/// <summary>What an author reads when a YAML rule file is wrong, word for word.</summary>
public sealed class YamlBadInputTests
{
    private const string Example = "write 'rules:' and below it '  - id: …'";
    private const string Escape = @"a backslash is not followed by x and two hexadecimal digits; write \xHH for a byte, \x5c for a backslash.";
    private const string Duration = "is no duration; write a whole number with its unit: 250ms, 30s, 5m or 1h.";
    private const string OnlyNot = "'not' alone would match almost everything; put it in a list under all:, beside a term that must occur.";
    private const string Indentation = "put the text in 'single quotes', or correct the indentation.";
    private const string Cure = "and a look-around keeps the pattern from running in linear time; let each turn begin and end with bytes that no other part of it takes, or mark the rule 'unsafe: true' to run it under a timeout.";
    private const string Group = @"bad regex: this group is not closed; add ')', or write \( for the character.";

    public static TheoryData<string, string[]> Files => new()
    {
        { "", [$"r.yaml: there is no rule in this file; {Example}."] },
        { "# nothing\n", [$"r.yaml: there is no rule in this file; {Example}."] },
        { "rules:\n", [$"r.yaml:1:1: there is no rule in this file; {Example}."] },
        { "rules: []\n", [$"r.yaml:1:1: there is no rule in this file; {Example}."] },
        { "- id: a\n", [$"r.yaml:1:1: a rule file is a map, not a list; {Example}."] },
        { "rule: []\n", ["r.yaml:1:1: unknown key 'rule'; did you mean 'rules'?"] },
        { "rules: x\n", ["r.yaml:1:8: 'rules' is a list, not a text; start each rule with '- '."] },
        { "rules:\n  - a\n", ["r.yaml:2:5: a rule is a map, not a text; start it with '- id: …'."] },
        { "rules:\n  - id: 'a\n", ["r.yaml:2:9: this is no YAML: while scanning a quoted scalar, found unexpected end of stream; close the quote or bracket that opens here."] },
        { "rules:\n  - id: a\n    title: b: c\n", [$"r.yaml:3:13: this is no YAML: while scanning a plain scalar value, found invalid mapping; {Indentation}"] },
        { "rules:\n  - id: @x\n", [$"r.yaml:2:9: this is no YAML: while scanning for the next token, found character that cannot start any token; {Indentation}"] },
        { "rules:\n  - id: a\n   match: x\n", ["r.yaml:3:4: this is no YAML: while parsing a block collection, did not find expected '-' indicator; check quotes, brackets and indentation around here."] },
        { "rules:\n  - id: \"\\s\"\n", [@"r.yaml:2:9: this is no YAML: while scanning a quoted scalar, found unknown escape character; in double quotes a backslash is YAML's own; put regexes and \xHH in 'single quotes'."] },
        { "rules: [{ id: a, match: { literal: x } }]\n---\na: b\n", ["r.yaml:2:1: a second document starts here; put all rules under one 'rules:'."] },
        { "? [a]\n: b\nrules: [{ id: a, match: { literal: x } }]\n", ["r.yaml:1:3: a key is a list or a map here; write one word before the ':'."] },
        { "rules: " + new string('[', 40) + "\n", ["r.yaml:1:39: this is nested more than 32 deep; flatten it."] },
        { "rules: [{ &x id: a, match: { literal: *x } }]\n",
            ["r.yaml:1:11: anchors are not supported; leave '&x' out.", "r.yaml:1:39: aliases are not supported; write the value out.", "r.yaml:1:39: an empty literal is in every payload; write the bytes that must occur."] },
        { "rules: [{ id: !!str a, match: { literal: x } }]\n", ["r.yaml:1:15: tags are not supported; leave the '!' out, or put the text in 'single quotes'."] },
    };

    public static TheoryData<string, string[]> Rules => new()
    {
        { "title: x", ["r.yaml:2:5: this rule has no 'id'; add 'id:'.", "r.yaml:2:5: this rule has no 'match'; add 'match:'."] },
        { "id: a b, match: { literal: x }", ["r.yaml:2:11: an id has no ' '; use letters, digits and . _ - :."] },
        { "id: , match: { literal: x }", ["r.yaml:2:11: 'id' has no value; write one, or leave the key out."] },
        { "id: a, id: b, match: { literal: x }", ["r.yaml:2:14: key 'id' stands here twice; keep one."] },
        { "id: a, serverity: high, titel: b, match: { literal: x }",
            ["r.yaml:2:14: unknown key 'serverity'; did you mean 'severity'?", "r.yaml:2:31: unknown key 'titel'; did you mean 'title'?"] },
        { "id: a, colour: red, match: { literal: x }",
            ["r.yaml:2:14: unknown key 'colour'; use one of id, title, severity, tags, author, match, suppress, unsafe, examples."] },
        { "id: a, severity: hihg, match: { literal: x }", ["r.yaml:2:24: unknown severity 'hihg'; did you mean 'high'?"] },
        { "id: a, severity: grave, match: { literal: x }", ["r.yaml:2:24: unknown severity 'grave'; use one of info, low, medium, high, critical."] },
        { "id: a, tags: [ok, { a: b }], match: { literal: x }", ["r.yaml:2:25: 'tags' is one text, not a map; write one value."] },
        { "id: a, title: \"a\\nb\", match: { literal: x }", ["r.yaml:2:22: 'title' has a line break or control character; write one line of 1 to 256 characters."] },
        { "id: a, suppress: 30s, match: { literal: x }", ["r.yaml:2:24: 'suppress' is a map, not a text; write 'key: value' lines below it."] },
        { "id: a, suppress: { for: 30 }, match: { literal: x }", [$"r.yaml:2:31: '30' {Duration}"] },
        { "id: a, suppress: { for: 3 days }, match: { literal: x }", [$"r.yaml:2:31: '3 days' {Duration}"] },
        { "id: a, suppress: { for: 99999999999999999999s }, match: { literal: x }", [$"r.yaml:2:31: '99999999999999999999s' {Duration}"] },
        { "id: a, suppress: { for: 25h }, match: { literal: x }", ["r.yaml:2:31: '25h' is too long for 'for'; use at most 24h."] },
        { "id: a, unsafe: maybe, match: { literal: x }", ["r.yaml:2:22: 'unsafe' is not true or false; write true or false, without quotes."] },
        { "id: a, suppress: {}, match: { literal: x }", ["r.yaml:2:24: 'suppress' has no 'for'; write suppress: { for: 30s }."] },
        { "id: a, examples: { match: ['a\\'], clean: [[x]] }, match: { literal: x }", [$"r.yaml:2:36: {Escape}", "r.yaml:2:49: 'clean' is one text, not a list; write one value."] },
    };

    public static TheoryData<string, string[]> Matches => new()
    {
        { "~", ["r.yaml:3:12: this condition has no value; write { regex: '…' }, or any: or all: and a list."] },
        { "foo", ["r.yaml:3:12: a condition is a map, not a text; write it as { regex: '…' }, or any: or all: and a list."] },
        { "[{ literal: x }]", ["r.yaml:3:12: a condition is a map, not a list; write it as { regex: '…' }, or any: or all: and a list."] },
        { "{ guard: z }", ["r.yaml:3:12: this condition has no term; give it one of regex, literal, sha256, any, all, not."] },
        { "{ regx: a }", ["r.yaml:3:14: unknown key 'regx'; did you mean 'regex'?"] },
        { "{ regex: x, literal: y }", ["r.yaml:3:24: 'literal' stands beside 'regex'; put each in a list item of its own under any: or all:."] },
        { "{ literal: y, guard: z }", ["r.yaml:3:26: 'guard' does not go with 'literal'; it belongs to regex."] },
        { "{ regex: y, transform: url }", ["r.yaml:3:35: unknown transform 'url'; use one of url-decode, html-decode, lowercase, base64-decode, utf16-to-bytes."] },
        { "{ regex: y, transform: [lowercase, html-decod] }", ["r.yaml:3:47: unknown transform 'html-decod'; did you mean 'html-decode'?"] },
        { "{ literal: y, transform: [] }", ["r.yaml:3:37: 'transform' is an empty list; name a transform, or leave the key out."] },
        { "{ literal: y, transform: }", ["r.yaml:3:37: 'transform' has no value; write one, or leave the key out."] },
        { "{ literal: y, transform: [lowercase, lowercase, lowercase, lowercase, lowercase, lowercase, lowercase, lowercase, lowercase] }", ["r.yaml:3:37: this term has 9 transforms; use at most 8."] },
        { "{ sha256: abc, transform: lowercase }", ["r.yaml:3:22: this is no SHA-256 digest; write 64 hexadecimal digits.", "r.yaml:3:27: 'transform' does not go with 'sha256'; it belongs to regex or literal."] },
        { "{ literal: '' }", ["r.yaml:3:24: an empty literal is in every payload; write the bytes that must occur."] },
        { "{ literal: }", ["r.yaml:3:23: 'literal' has no value; write one, or leave the key out."] },
        { @"{ literal: 'a\x5' }", [$"r.yaml:3:25: {Escape}"] },
        { "{ literal: x, nocase: yes }", ["r.yaml:3:34: 'nocase' is not true or false; write true or false, without quotes."] },
        { "{ any: { literal: x } }", ["r.yaml:3:19: 'any' is a list, not a map; write its conditions as a list, one '- ' each."] },
        { "{ any: [] }", ["r.yaml:3:19: 'any' is an empty list; write its conditions as a list, one '- ' each."] },
        { "{ not: { literal: x } }", [$"r.yaml:3:14: {OnlyNot}"] },
        { "{ any: [{ not: { literal: x } }] }", [$"r.yaml:3:22: {OnlyNot}"] },
        { "{ all: [{ literal: x }, { not: { not: { literal: y } } }] }", [$"r.yaml:3:45: {OnlyNot}"] },
        { "{ all: [{ not: { literal: x } }, { not: { regex: y } }] }", ["r.yaml:3:19: this 'all' has only 'not' in it; add a term that must occur."] },
        { "{ sha256: abc }", ["r.yaml:3:22: this is no SHA-256 digest; write 64 hexadecimal digits."] },
        { "{ sha256: [] }", ["r.yaml:3:22: 'sha256' is an empty list; write a digest of 64 hexadecimal digits."] },
        { "{ regex: a, guard: [] }", ["r.yaml:3:31: 'guard' is an empty list; write a literal that must occur, or leave the key out."] },
        { "{ regex: a, guard_nocase: true }", ["r.yaml:3:38: 'guard_nocase' has no guard beside it; add a guard, or use nocase for the regex."] },
        { "{ regex: 'ab(c' }", [$"r.yaml:3:24: {Group}"] },
        { "{ regex: ab(c, guard: '\\q' }", [$"r.yaml:3:23: {Group}", $"r.yaml:3:35: {Escape}"] },
        { "{ regex: \"ab\\\\d(c\" }", [@"r.yaml:3:22: bad regex: this group is not closed (character 5 of 'ab\d(c'); add ')', or write \( for the character."] },
        { @"{ regex: 'it''s(' }", [@"r.yaml:3:22: bad regex: this group is not closed (character 5 of 'it's('); add ')', or write \( for the character."] },
        { @"{ regex: '(?<=a+)b' }", ["r.yaml:3:22: bad regex: this look-behind has no bounded length; bound its repeats so that it spans at most 255 bytes."] },
        { "{ regex: '^(a+)+$(?!b)' }", [$"r.yaml:3:27: unsafe regex: this repeat can match the same bytes in exponentially many ways, {Cure}"] },
        { "{ regex: \"^\\\\w(a+)+$(?!b)\" }", [$@"r.yaml:3:22: unsafe regex: this repeat can match the same bytes in exponentially many ways, and a look-around keeps the pattern from running in linear time (character 8 of '^\w(a+)+$(?!b)'); {Cure.Split("; ")[1]}"] },
        { "{ regex: 'a.*b.*c(?!d)' }", ["r.yaml:3:27: unsafe regex: 3 repeats that can take the same bytes cost 7e10 steps on 4 KiB up to here, and a look-around keeps the pattern from running in linear time; bound them with {0,n}, leave the separator out of what they take, or anchor the pattern with ^, or mark the rule 'unsafe: true' to run it under a timeout."] },
        { "{ regex: '^[a-z]+$', guard: a1 }", ["r.yaml:3:40: this guard can never occur: the regex spans the whole payload and cannot hold it; correct the guard, or the anchors of the regex."] },
        { "{ regex: '^(?:ab|cd)$', guard: [abc, bc] }", ["r.yaml:3:44: this guard can never occur: the regex spans the whole payload and cannot hold it; correct the guard, or the anchors of the regex.", "r.yaml:3:49: this guard can never occur: the regex spans the whole payload and cannot hold it; correct the guard, or the anchors of the regex."] },
        { "\n      regex: |\n        abc\n        (?<=a+)b", ["r.yaml:4:14: bad regex: this look-behind has no bounded length (character 5 of 'abc?(?<=a+)b'); bound its repeats so that it spans at most 255 bytes."] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_BadFile_SaysWhereAndHow(string yaml, string[] messages) =>
        Assert.Equal(messages, RuleFolder.Messages(RuleFolder.LoadText(yaml)));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Load_BadRule_SaysWhereAndHow(string rule, string[] messages) =>
        Assert.Equal(messages, RuleFolder.Messages(RuleFolder.LoadText($"rules:\n  - {{ {rule} }}\n".Replace("{ title: x }", "title: x", StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(Matches))]
    public void Load_BadMatch_SaysWhereAndHow(string match, string[] messages) =>
        Assert.Equal(messages, RuleFolder.Messages(RuleFolder.LoadText($"rules:\n  - id: a\n    match: {match}")));

    [Fact]
    public void Load_NotUtf8_SaysWhere() => Assert.Equal(
        [@"r.yaml:2:4: this is not valid UTF-8; save the file as UTF-8; write other bytes as \xHH."],
        RuleFolder.Messages(LoadBytes([.. "# é\n# é"u8, 0xE9, .. "\n"u8])));

    [Fact]
    public void Load_SameIdTwiceInOneFile_NamesBothPlaces() => Assert.Equal(
        ["r.yaml:3:4: the id 'a' is already that of r.yaml:2:4; give each rule and hash list its own."],
        RuleFolder.Messages(RuleFolder.LoadText("rules:\n - { id: a, match: { literal: x } }\n - { id: a, match: { literal: y } }")));

    [Fact]
    public void Load_ProblemsInManyRules_ReportsAllInOrder() => Assert.Equal(
        [3, 4, 5],
        RuleFolder.LoadText("rules:\n - { id: a, match: { literal: x } }\n - { id: b }\n - { id: , match: { literal: x } }\n - { id: d, match: { regex: '(' } }")
            .Problems.Select(problem => problem.Position.Line));

    private static SensorGateway.Rules.RuleLoadResult LoadBytes(byte[] bytes)
    {
        using var folder = new RuleFolder();
        folder.Write("r.yaml", bytes);
        return folder.Load(["r.yaml"]);
    }
}
