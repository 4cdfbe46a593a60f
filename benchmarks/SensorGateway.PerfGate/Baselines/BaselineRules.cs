using System.Globalization;
using System.Text.Json;

namespace SensorGateway.PerfGate.Baselines;

/// <summary>Reads baseline files and says what is wrong with one.</summary>
internal static class BaselineRules
{
    private static readonly string[] Verdicts = ["pass", "regression", "inconclusive"];
    private static readonly string[] Complaints = ["none", "p95", "p50", "allocation"];

    /// <summary>True for a full commit hash.</summary>
    public static bool IsSha(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Every problem of a file, each naming the field; none when it is sound.</summary>
    /// <param name="path">Its path; the name is compared with the date.</param>
    /// <param name="json">Its content.</param>
    /// <param name="file">The content, when it is schema 2 and can be read.</param>
    public static IReadOnlyList<string> Check(string path, string json, out BaselineFile? file)
    {
        file = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("schema", out var schema)
                || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out var number))
            {
                return [$"{path}: schema is missing or no number; this version knows 1 and {BaselineFile.CurrentSchema}"];
            }

            switch (number)
            {
                case 1:
                    return [.. FirstSchema(document.RootElement).Concat(DateFaults(path, TextOf(document.RootElement, "date")))
                        .Select(problem => $"{path}: {problem}")];
                case BaselineFile.CurrentSchema:
                    file = document.Deserialize(BaselineJson.Default.BaselineFile);
                    break;
                default:
                    return [$"{path}: schema {number} is unknown; this version knows 1 and {BaselineFile.CurrentSchema}"];
            }
        }
        catch (JsonException fault)
        {
            return [$"{path}:{fault.LineNumber + 1}: {fault.Message}"];
        }

        return file is null
            ? [$"{path}: holds null"]
            : [.. FileFaults(file).Concat(DateFaults(path, file.Date)).Concat(file.Scenarios.SelectMany(ScenarioFaults))
                .Select(problem => $"{path}: {problem}")];
    }

    private static IEnumerable<string> FirstSchema(JsonElement root)
    {
        if (!root.TryGetProperty("env", out var environment) || environment.ValueKind != JsonValueKind.Object)
        {
            yield return "env is missing; say what it was measured on";
        }

        if (!root.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array || results.GetArrayLength() == 0)
        {
            yield return "results is missing or empty";
            yield break;
        }

        var place = 0;
        foreach (var result in results.EnumerateArray())
        {
            if (result.ValueKind != JsonValueKind.Object || string.IsNullOrEmpty(TextOf(result, "scenario")))
            {
                yield return $"results[{place}] has no scenario";
            }

            place++;
        }
    }

    private static string TextOf(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static IEnumerable<string> DateFaults(string path, string date)
    {
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            yield return $"date '{date}' is no day; write YYYY-MM-DD";
        }
        else if (!Path.GetFileNameWithoutExtension(path).StartsWith(date, StringComparison.Ordinal))
        {
            yield return $"date {date} and the file's name differ";
        }
    }

    private static IEnumerable<string> FileFaults(BaselineFile file)
    {
        if (!IsSha(file.GitSha))
        {
            yield return $"git_sha '{file.GitSha}' is no full commit hash; write 40 hexadecimal digits";
        }

        if (!Verdicts.Contains(file.Verdict))
        {
            yield return $"verdict '{file.Verdict}' is none of {string.Join(", ", Verdicts)}";
        }

        if (file.Environment.Vcpus < 1 || file.Environment.Cpu.Length == 0 || file.Environment.Dotnet.Length == 0)
        {
            yield return "environment lacks its fingerprint; fill in cpu, vcpus and dotnet";
        }

        if (!(file.Calibration.ShaP95 > 0 && file.Calibration.AluP50 > 0))
        {
            yield return "calibration holds a time that is not above 0";
        }

        if (file.Scenarios.Count == 0)
        {
            yield return "scenarios is empty: nothing was measured";
        }

        foreach (var twice in file.Scenarios.GroupBy(static scenario => scenario.Name).Where(static group => group.Count() > 1))
        {
            yield return $"scenario {twice.Key} is there twice";
        }
    }

    private static IEnumerable<string> ScenarioFaults(BaselineScenario scenario)
    {
        if (!(scenario.P50 > 0 && scenario.P50 <= scenario.P95 && scenario.P95 <= scenario.P99 && scenario.P99 <= scenario.Max))
        {
            yield return $"{scenario.Name}: p50, p95, p99 and max do not ascend from above 0";
        }

        if (scenario.Histogram.Any(static pair => pair is not [>= 0, > 0]))
        {
            yield return $"{scenario.Name}: histogram holds something else than pairs of index and count";
        }
        else if (scenario.Histogram.Sum(static pair => pair[1]) != scenario.Samples || scenario.Samples == 0)
        {
            yield return $"{scenario.Name}: the histogram's counts do not add up to samples";
        }

        if (scenario.AllocBytesPerOp < 0 || scenario.Launches < 1 || !(scenario.NormP95 > 0))
        {
            yield return $"{scenario.Name}: alloc_bytes_per_op, launches or norm_p95 is out of range";
        }

        if (scenario.Duets.Any(duet => !Complaints.Contains(duet.Complaint) || !(duet.P50Ratio > 0 && duet.P95Ratio > 0)))
        {
            yield return $"{scenario.Name}: a duet has no ratio, or a complaint that is none of {string.Join(", ", Complaints)}";
        }
    }
}
