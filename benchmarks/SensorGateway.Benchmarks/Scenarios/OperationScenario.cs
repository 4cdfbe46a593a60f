using System.Diagnostics;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>A scenario whose operations run on the measuring thread, in a fixed cycle, each timed on its own.</summary>
internal abstract class OperationScenario : Scenario
{
    private const int CalibrationPasses = 7;
    private const int AllocationPasses = 3;

    private int _next;
    private int[]? _injected; // Steps of extra work for each operation of the cycle.

    /// <summary>Length of the cycle.</summary>
    protected abstract int Operations { get; }

    /// <inheritdoc/>
    public sealed override void Slice(TimeSpan length, FineHistogram into)
    {
        var until = Stopwatch.GetTimestamp() + Clock.Ticks(length);
        long now;
        do
        {
            now = Step(into);
        }
        while (now < until);
    }

    /// <inheritdoc/>
    public sealed override void Inject(double share)
    {
        var times = new long[Operations][];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = new long[CalibrationPasses];
        }

        for (var pass = 0; pass < CalibrationPasses; pass++)
        {
            for (var i = 0; i < Operations; i++)
            {
                Settle();
                var from = Stopwatch.GetTimestamp();
                Run(i);
                times[i][pass] = Clock.Nanoseconds(from, Stopwatch.GetTimestamp());
            }
        }

        var stepsPerNs = ExtraWork.StepsPerNanosecond();
        var steps = new int[Operations];
        for (var i = 0; i < steps.Length; i++)
        {
            Array.Sort(times[i]);
            steps[i] = (int)Math.Round(times[i][CalibrationPasses / 2] * share * stepsPerNs);
        }

        _injected = steps;
    }

    /// <inheritdoc/>
    public sealed override AllocationMessage Allocation()
    {
        var least = long.MaxValue;
        for (var pass = 0; pass < AllocationPasses; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Operations; i++)
            {
                Settle();
                Run(i);
            }

            // A lazily built table may still grow once; what is allocated every time shows in every pass.
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return new AllocationMessage { Operations = Operations, Bytes = least };
    }

    /// <summary>One operation; the same work for the same number.</summary>
    protected abstract void Run(int operation);

    /// <summary>Untimed, before each operation: waits for whatever must not pile up.</summary>
    protected virtual void Settle()
    {
    }

    private long Step(FineHistogram into)
    {
        var operation = _next;
        _next = operation + 1 == Operations ? 0 : operation + 1;
        Settle();
        var from = Stopwatch.GetTimestamp();
        Run(operation);
        if (_injected is not null)
        {
            ExtraWork.Do(_injected[operation]);
        }

        var now = Stopwatch.GetTimestamp();
        into.Record(Clock.Nanoseconds(from, now));
        return now;
    }
}
