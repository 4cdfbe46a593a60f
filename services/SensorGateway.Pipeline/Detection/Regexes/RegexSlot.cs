using System.Runtime;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Threading;
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

    private const int RepeatsMax = 3;
    private const int CompileAttemptsMax = 3;

    /// <summary>What a compiled regex consists of: its loop, its search for a start, and its match.</summary>
    private const int CompiledMethods = 3;

    // Even so a thread that was preempted at the wrong moments strikes a blameless regex now and then.
    private const int RunsPerPardon = 256;

    private readonly long _timeoutNanoseconds = (long)timeout.TotalNanoseconds;
    private Regex _current = new(pattern.DotNet, BytePattern.DotNetOptions, timeout);
    private long _runs;
    private int _strikes;
    private int _compileAttempts;

    /// <summary>The pattern.</summary>
    public BytePattern Pattern { get; } = pattern;

    /// <summary>Runs since start; approximate when several workers share it.</summary>
    public long Runs => Volatile.Read(ref _runs);

    /// <summary>True when it timed out too often; stays so until the rules are loaded again.</summary>
    public bool IsQuarantined => Volatile.Read(ref _strikes) >= StrikesMax;

    /// <summary>True once the compiled form is in use.</summary>
    public bool IsCompiled { get; private set; }

    /// <summary>True for a regex that ran this often, is still interpreted, and was not tried in vain too often.</summary>
    public bool IsWorthCompiling(long runsMin) =>
        !IsCompiled && !IsQuarantined && Runs >= runsMin && _compileAttempts < CompileAttemptsMax;

    /// <summary>Whether the pattern occurs. Throws <see cref="RegexMatchTimeoutException"/>.</summary>
    /// <remarks>
    /// The timeout is wall time, so a thread that the kernel takes the CPU from seems slow. Giving up then would miss a
    /// match: the run is repeated until the thread itself has spent the time, at most three times.
    /// </remarks>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (++_runs % RunsPerPardon == 0 && Volatile.Read(ref _strikes) > 0)
        {
            Interlocked.Decrement(ref _strikes);
        }

        var regex = Volatile.Read(ref _current); // Acquire, pairs with the release in Compile.
        var spentBefore = long.MinValue;         // The first run is not measured: asking costs more than most runs.
        for (var left = RepeatsMax; ; left--)
        {
            try
            {
                return regex.IsMatch(text);
            }
            catch (RegexMatchTimeoutException)
            {
                var spent = ThreadTime.SpentNanoseconds();
                var isReallySlow = spentBefore != long.MinValue && spent - spentBefore >= _timeoutNanoseconds / 2;
                if (left == 0 || isReallySlow)
                {
                    Interlocked.Increment(ref _strikes);
                    throw;
                }

                spentBefore = spent;
            }
        }
    }

    /// <summary>Enumerates matches, leftmost first. Throws <see cref="RegexMatchTimeoutException"/>.</summary>
    public Regex.ValueMatchEnumerator EnumerateMatches(ReadOnlySpan<char> text) =>
        Volatile.Read(ref _current).EnumerateMatches(text);

    /// <summary>Builds the compiled form and puts it in use once all its code exists. Off the path only.</summary>
    /// <param name="texts">Payloads that the pattern meets; some must look like a match to it.</param>
    /// <returns>
    /// False when the texts did not reach all of its code, so that a detection thread would have had to compile the rest:
    /// then the interpreted form stays in use.
    /// </returns>
    public bool TryCompile(IEnumerable<char[]> texts)
    {
        // The first of two equal ones also compiles what it is the first to need of the framework; after that the second
        // compiles nothing but its own methods, which can be counted.
        _compileAttempts++;
        Run(NewCompiled(), texts);
        var compiled = NewCompiled();
        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        Run(compiled, texts);
        if (JitInfo.GetCompiledMethodCount(currentThread: true) - before < CompiledMethods)
        {
            return false;
        }

        Volatile.Write(ref _current, compiled); // Release, pairs with IsMatch: warm before anyone sees it.
        IsCompiled = true;
        return true;
    }

    /// <summary>Runs the current form once, so that its buffers exist.</summary>
    public void WarmUp(ReadOnlySpan<char> sample) => WarmUp(_current, sample);

    private Regex NewCompiled() =>
        new(Pattern.DotNet, BytePattern.DotNetOptions | RegexOptions.Compiled, timeout);

    private static void Run(Regex regex, IEnumerable<char[]> texts)
    {
        foreach (var text in texts)
        {
            WarmUp(regex, text);
        }
    }

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
