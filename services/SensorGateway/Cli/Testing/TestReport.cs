using System.Text.Json.Serialization;

namespace SensorGateway.Cli.Testing;

/// <summary>What <c>test --json</c> prints. Fields are added, never renamed.</summary>
/// <param name="Ok">True when every case passed.</param>
/// <param name="Cases">Examples and tests run; a test on a file of payloads is one case.</param>
/// <param name="Failures">What did not hold.</param>
/// <param name="Coverage">What the examples leave open.</param>
internal sealed record TestReport(
    bool Ok, int Cases, IReadOnlyList<TestFailure> Failures, TestCoverage Coverage);

/// <summary>A case that did not pass. Line and column count from 1.</summary>
internal sealed record TestFailure(string File, int Line, int Column, string Message);

/// <summary>What the examples leave open.</summary>
/// <param name="Rules">Rules loaded.</param>
/// <param name="WithExamples">Rules with an example that must match, of their own or in a test file.</param>
/// <param name="WithoutExamples">The others, by id.</param>
/// <param name="WithoutCleanExamples">Rules that no example must not match, by id.</param>
/// <param name="Overlaps">Examples that hit other rules too.</param>
internal sealed record TestCoverage(
    int Rules, int WithExamples, IReadOnlyList<string> WithoutExamples, IReadOnlyList<string> WithoutCleanExamples,
    IReadOnlyList<TestOverlap> Overlaps);

/// <summary>An example that its rule matches, and others too.</summary>
internal sealed record TestOverlap(string File, int Line, int Column, string Rule, IReadOnlyList<string> Also);

/// <summary>Compiled metadata of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TestReport))]
internal sealed partial class TestJson : JsonSerializerContext;
