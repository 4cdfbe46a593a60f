using System.Globalization;
using System.Text.Json;
using SensorGateway.Configuration;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Replaying;

/// <summary>Runs payloads through the detector and prints what matched.</summary>
internal sealed class Replay
{
    private const int ShownBytes = 60;

    private readonly CliConsole _console;
    private readonly RuleProgram _program;
    private readonly Detector _detector;

    public Replay(CliConsole console, RuleSet rules)
    {
        var options = new DetectionOptions { CacheEntries = 0 };
        _console = console;
        _program = RuleProgram.Build(rules, options);
        _detector = new Detector(_program, options);
    }

    /// <summary>Prints one line per payload that matched, then the sum.</summary>
    /// <returns>How many payloads matched.</returns>
    public int Run(List<byte[]> payloads, bool json)
    {
        var progress = new Progress(_console, "replay");
        var matched = 0;
        for (var index = 0; index < payloads.Count; index++)
        {
            var verdict = _detector.Inspect(payloads[index]);
            if (!verdict.IsClean)
            {
                matched++;
                Print(index, payloads[index], verdict.Rules, json);
            }

            progress.Report((double)index / payloads.Count);
        }

        progress.Done();
        _console.Out.WriteLine(json
            ? string.Create(CultureInfo.InvariantCulture, $"{{\"payloads\":{payloads.Count},\"matched\":{matched}}}")
            : string.Create(CultureInfo.InvariantCulture, $"{matched} of {payloads.Count} payloads matched."));
        return matched;
    }

    private void Print(int index, byte[] payload, ReadOnlySpan<int> rules, bool json)
    {
        var reported = new ReportedRule[rules.Length];
        for (var i = 0; i < reported.Length; i++)
        {
            reported[i] = _program.Reported[rules[i]];
        }

        var ids = reported.Select(rule => rule.Id).Order(StringComparer.Ordinal);
        if (json)
        {
            var list = string.Join(',', ids.Select(id => $"\"{JsonEncodedText.Encode(id)}\""));
            _console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"index\":{index},\"rules\":[{list}]}}"));
        }
        else
        {
            var gravest = reported.Max(rule => rule.Severity);
            var text = System.Text.Encoding.Latin1.GetString(payload.AsSpan(0, Math.Min(payload.Length, ShownBytes)));
            _console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"#{index} {SeverityText.Of(_console, gravest)} {string.Join(", ", ids)}  {Printable.Short(text)}"));
        }
    }
}
