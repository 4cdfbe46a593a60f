using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Scenarios.Detect;

/// <summary>One operation: one payload through a detector.</summary>
internal sealed class DetectScenario : OperationScenario
{
    private readonly byte[][] _payloads;
    private readonly Detector _detector;

    /// <param name="rules">What is looked for.</param>
    /// <param name="payloads">The cycle.</param>
    /// <param name="cacheEntries">0 switches the verdict cache off.</param>
    /// <param name="isRight">Whether the ids found in a payload are what they must be.</param>
    public DetectScenario(
        RuleSet rules, byte[][] payloads, int cacheEntries, Func<int, IReadOnlyCollection<string>, bool> isRight)
    {
        _payloads = payloads;
        var options = new DetectionOptions { CacheEntries = cacheEntries };
        var program = RuleProgram.Build(rules, options);
        _detector = new Detector(program, options);

        // The first round shows which regexes run, the second what they match; then they are compiled, as in a gateway
        // that has run for a while.
        for (var round = 0; round < 3; round++)
        {
            Check(program, isRight);
            program.TuneRegexes(1);
        }
    }

    /// <inheritdoc/>
    protected override int Operations => _payloads.Length;

    /// <inheritdoc/>
    protected override void Run(int operation) => _detector.Inspect(_payloads[operation]);

    private void Check(RuleProgram program, Func<int, IReadOnlyCollection<string>, bool> isRight)
    {
        for (var payload = 0; payload < _payloads.Length; payload++)
        {
            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var rule in _detector.Inspect(_payloads[payload]).Rules)
            {
                ids.Add(program.Reported[rule].Id);
            }

            if (!isRight(payload, ids))
            {
                throw new InvalidOperationException(
                    $"payload {payload} gives the rules [{string.Join(' ', ids.Order(StringComparer.Ordinal))}], which is wrong: "
                    + "this build must not be measured but repaired");
            }
        }
    }
}
