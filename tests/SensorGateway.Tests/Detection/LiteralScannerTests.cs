using System.Text;
using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Literals;

namespace SensorGateway.Tests.Detection;

/// <summary>The literal scan finds what a search for each literal alone finds.</summary>
public sealed class LiteralScannerTests
{
    [Theory]
    [InlineData(1, 12, 3, false)]
    [InlineData(1, 12, 3, true)]
    [InlineData(2, 60, 5, false)]
    [InlineData(2, 60, 5, true)]
    [InlineData(3, 400, 9, false)]
    [InlineData(3, 400, 9, true)]
    [InlineData(4, 3000, 20, false)]
    [InlineData(4, 3000, 20, true)]
    public void Scan_OfRandomLiterals_FindsEveryPlaceThatASearchOfEachFinds(int seed, int count, int lengthMax, bool isPortable)
    {
        var random = new Random(seed);
        var builder = new LiteralTableBuilder();
        for (var i = 0; i < count; i++)
        {
            builder.Add(RandomText(random, 1 + random.Next(lengthMax)), random.Next(2) == 0);
        }

        var table = builder.Build();
        var scanner = new LiteralScanner(table, [.. Enumerable.Range(0, table.Count)], GramFrequency.Typical, isPortable);
        for (var round = 0; round < 300; round++)
        {
            var payload = RandomText(random, random.Next(300));
            var sink = new Collector(table, payload);
            scanner.Scan(payload, ref sink);
            var firsts = new FirstPlaces();
            scanner.Scan(payload, ref firsts);
            Assert.Equal(
                sink.All.GroupBy(each => each.Literal, each => each.Start).ToDictionary(each => each.Key, each => each.Min()),
                firsts.ByLiteral);
            for (var literal = 0; literal < table.Count; literal++)
            {
                for (var at = table.IndexIn(literal, payload); at >= 0; at = table.IndexIn(literal, payload, at + 1))
                {
                    Assert.True(sink.All.Remove((literal, at)), $"literal {literal} at {at} was not found");
                }
            }

            Assert.Empty(sink.All);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scan_OfALiteralAtEveryPlace_FindsIt(bool isPortable)
    {
        var builder = new LiteralTableBuilder();
        builder.Add("Needle\xFF!"u8, noCase: true);
        builder.Add("dle\xFF"u8, noCase: true);
        builder.Add("abc"u8, noCase: false);
        var table = builder.Build();
        var scanner = new LiteralScanner(table, [0, 1, 2], GramFrequency.Typical, isPortable);
        for (var length = 8; length < 200; length++)
        {
            for (var at = 0; at + table.LengthOf(0) <= length; at++)
            {
                var payload = new byte[length];
                "nEEDLE\xFF!"u8.CopyTo(payload.AsSpan(at));
                var sink = new Collector(table, payload);
                scanner.Scan(payload, ref sink);

                Assert.Equal([(0, at), (1, at + 3)], sink.All.Order());
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scan_OfLiteralsThatOverlapThemselves_TellsPlacesInTheirOrder(bool isPortable)
    {
        string[] literals = ["aaaaa", "aaaaaaaa", "ababababab", "../../../", "abcabcabcabc", "aabaabaab", "aa"];
        var builder = new LiteralTableBuilder();
        Array.ForEach(literals, literal => builder.Add(Encoding.Latin1.GetBytes(literal), noCase: false));
        var table = builder.Build();
        var scanner = new LiteralScanner(table, [.. Enumerable.Range(0, table.Count)], GramFrequency.Typical, isPortable);
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var parts = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3) switch
            {
                0 => new string((char)('a' + random.Next(2)), random.Next(40)),
                1 => literals[random.Next(literals.Length)],
                _ => new string('x', random.Next(40)),
            });
            var payload = Encoding.Latin1.GetBytes(string.Concat(parts));
            var sink = new Collector(table, payload);
            scanner.Scan(payload, ref sink);

            foreach (var places in sink.InOrder.GroupBy(static each => each.Literal, static each => each.Start))
            {
                Assert.Equal(places.Order(), places);
            }
        }
    }

    [Theory]
    [InlineData("[", "{", false)]
    [InlineData("@bcd", "`bcd", false)]
    [InlineData("K", "k", true)]
    [InlineData("\u00e9clair", "\u00c9clair", false)]
    public void IndexIn_FoldsAsciiLettersOnly(string literal, string text, bool found)
    {
        var builder = new LiteralTableBuilder();
        builder.Add(Encoding.Latin1.GetBytes(literal), noCase: true);

        Assert.Equal(found ? 0 : -1, builder.Build().IndexIn(0, Encoding.Latin1.GetBytes(text)));
    }

    private static byte[] RandomText(Random random, int length)
    {
        const string alphabet = "aAbB[{@`01 \n\0\u00e9";
        var text = new byte[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = random.Next(20) == 0 ? (byte)random.Next(256) : (byte)alphabet[random.Next(alphabet.Length)];
        }

        return text;
    }

    private readonly struct Collector(LiteralTable table, byte[] payload) : ILiteralSink
    {
        public HashSet<(int Literal, int Start)> All { get; } = [];

        public List<(int Literal, int Start)> InOrder { get; } = [];

        public void Found(int literal, int start)
        {
            InOrder.Add((literal, start));
            Assert.True(table.Matches(literal, payload, start));
            Assert.True(All.Add((literal, start)), $"literal {literal} at {start} was told twice");
        }

        public bool IsSettled(int literal) => false;
    }

    /// <summary>Wants to know of the first place of each literal only, and is told of no other.</summary>
    private readonly struct FirstPlaces : ILiteralSink
    {
        public FirstPlaces()
        {
        }

        public Dictionary<int, int> ByLiteral { get; } = [];

        public void Found(int literal, int start) => ByLiteral.Add(literal, start);

        public bool IsSettled(int literal) => ByLiteral.ContainsKey(literal);
    }
}
