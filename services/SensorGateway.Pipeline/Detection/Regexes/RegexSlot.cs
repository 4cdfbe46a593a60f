using System.Text.RegularExpressions;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Regexes;

/// <summary>A .NET regex: interpreted at first, replaced by a compiled one off the path when it runs often.</summary>
/// <remarks>
/// A compiled regex is JIT-compiled on its first match, milliseconds to seconds: that never happens on a detection
/// thread.
/// </remarks>
internal sealed class RegexSlot(BytePattern pattern, TimeSpan timeout)
{
    /// <summary>
    /// A regex that did not end in time this often is not run any more: payloads must not buy 10 ms each.
    /// </summary>
    public const int StrikesMax = 8;

    // The timeout is wall time: a thread that was preempted for long strikes a blameless regex now and then.
    private const int RunsPerPardon = 256;

    private Regex _current = new(pattern.DotNet, BytePattern.DotNetOptions, timeout);
    private long _runs;
    private int _strikes;

    /// <summary>The pattern.</summary>
    public BytePattern Pattern { get; } = pattern;

    /// <summary>Runs since start; approximate when several workers share it.</summary>
    public long Runs => Volatile.Read(ref _runs);

    /// <summary>True when it timed out too often; stays so until the rules are loaded again.</summary>
    public bool IsQuarantined => Volatile.Read(ref _strikes) >= StrikesMax;

    /// <summary>True once the compiled form is in use.</summary>
    public bool IsCompiled { get; private set; }

    /// <summary>Whether the pattern occurs. Throws <see cref="RegexMatchTimeoutException"/>.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (++_runs % RunsPerPardon == 0 && Volatile.Read(ref _strikes) > 0)
        {
            Interlocked.Decrement(ref _strikes);
        }

        try
        {
            return Volatile.Read(ref _current).IsMatch(text); // Acquire, pairs with the release in Compile.
        }
        catch (RegexMatchTimeoutException)
        {
            Interlocked.Increment(ref _strikes);
            throw;
        }
    }

    /// <summary>Enumerates matches, leftmost first. Throws <see cref="RegexMatchTimeoutException"/>.</summary>
    public Regex.ValueMatchEnumerator EnumerateMatches(ReadOnlySpan<char> text) =>
        Volatile.Read(ref _current).EnumerateMatches(text);

    /// <summary>Builds the compiled form, runs it once on each sample and puts it in use. Off the path only.</summary>
    public void Compile(ReadOnlySpan<char> sample)
    {
        var compiled = new Regex(Pattern.DotNet, BytePattern.DotNetOptions | RegexOptions.Compiled, timeout);
        WarmUp(compiled, sample);
        Volatile.Write(ref _current, compiled); // Release, pairs with IsMatch: warm before anyone sees it.
        IsCompiled = true;
    }

    /// <summary>Runs the current form once, so that its buffers exist.</summary>
    public void WarmUp(ReadOnlySpan<char> sample) => WarmUp(_current, sample);

    private static void WarmUp(Regex regex, ReadOnlySpan<char> sample)
    {
        try
        {
            regex.IsMatch(sample);
        }
        catch (RegexMatchTimeoutException)
        {
            // Only the warmth was wanted.
        }
    }
}
