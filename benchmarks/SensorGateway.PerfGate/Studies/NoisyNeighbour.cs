using System.Diagnostics;

namespace SensorGateway.PerfGate.Studies;

/// <summary>Keeps every CPU busy for a random share of the time, as other tenants of a machine do.</summary>
internal sealed class NoisyNeighbour : IDisposable
{
    private static readonly double[] Duties = [0, 0.2, 0.5, 0.8];
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly Thread[] _threads;
    private volatile bool _stopping;

    public NoisyNeighbour()
    {
        _threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(i =>
        {
            var thread = new Thread(() => Run(new Random(i))) { IsBackground = true, Name = $"neighbour-{i}" };
            thread.Start();
            return thread;
        })];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Run(Random random)
    {
        while (!_stopping)
        {
            var duty = Duties[random.Next(Duties.Length)];
            var changeAt = Stopwatch.GetTimestamp() + (long)((0.2 + random.NextDouble()) * Stopwatch.Frequency);
            while (!_stopping && Stopwatch.GetTimestamp() < changeAt)
            {
                var from = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(from) < Period * duty)
                {
                    Thread.SpinWait(100);
                }

                Thread.Sleep(Period * (1 - duty));
            }
        }
    }
}
