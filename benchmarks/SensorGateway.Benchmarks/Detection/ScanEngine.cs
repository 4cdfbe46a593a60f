using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>The literal scan alone; counts the literals found.</summary>
internal sealed class ScanEngine(RuleSet rules) : IMatchEngine
{
    private readonly RuleProgram _program = RuleProgram.Build(rules, new DetectionOptions());

    public string Name => "literal scan alone";

    public double LoadMs => 0;

    public int PayloadsMax => int.MaxValue;

    public int Matches(byte[] payload)
    {
        var sink = new Counter();
        _program.Views[0].Scanner.Scan(payload, ref sink);
        return sink.Found;
    }

    public void Dispose()
    {
    }

    private struct Counter : ILiteralSink
    {
        public int Found;

        void ILiteralSink.Found(int literal, int start) => Found++;

        readonly bool ILiteralSink.IsSettled(int literal) => false;
    }
}
