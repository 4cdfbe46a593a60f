using System.Globalization;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>What happened in one simulation: the last steps in words, and all of them as one number.</summary>
/// <param name="clock">Tells when.</param>
/// <param name="kept">Steps to remember in words.</param>
internal sealed class Trace(TimeProvider clock, int kept)
{
    private const ulong FnvPrime = 1099511628211;

    private readonly string[] _last = new string[kept];
    private readonly long _startTicks = clock.GetTimestamp();

    /// <summary>Steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>Equal for two runs only if they did the same things at the same times.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>One step.</summary>
    public void Add(string step)
    {
        var micros = clock.GetElapsedTime(_startTicks).Ticks / TimeSpan.TicksPerMicrosecond;
        _last[Count++ % kept] = string.Create(CultureInfo.InvariantCulture, $"{Count,6} {micros,10} us  {step}");
        Mix((ulong)micros);
        foreach (var character in step)
        {
            Mix(character);
        }
    }

    /// <summary>A number that belongs to the last step.</summary>
    public void Mix(ulong value) => Hash = (Hash ^ value) * FnvPrime;

    /// <summary>The last steps, oldest first.</summary>
    public string Tail() => string.Join(
        '\n', Enumerable.Range(0, kept).Select(i => _last[(Count + i) % kept]).Where(static step => step is not null));
}
