using System.Text;
using System.Text.Json;
using SensorGateway.TestKit.Detection;
using SensorGateway.TestKit.PlainRules;
using Xunit.Abstractions;

namespace SensorGateway.Tests.Traffic;

public sealed class BenignCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Pack_OnBenignSensorTraffic_StaysSilent()
    {
        if (CorporaNotice.AreMissing(output))
        {
            return;
        }

        var rules = PlainRulePack.Load(RulePack.Folder);
        foreach (var line in File.ReadLines(Corpora.PathOf("payloads/benign.ndjson")))
        {
            using var json = JsonDocument.Parse(line);

            // Class crs holds attack strings that merely must not fire one rule of their own suite.
            if (json.RootElement.GetProperty("class").GetString() == "crs")
            {
                continue;
            }

            var payload = Encoding.Latin1.GetString(json.RootElement.GetProperty("b64").GetBytesFromBase64());
            Assert.All(rules, rule => Assert.False(rule.Match.IsMatch(payload), $"{rule.Id} matches {payload}"));
        }
    }
}
