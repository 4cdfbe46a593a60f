using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Regexes;

/// <summary>A .NET regex: interpreted at first, replaced by a compiled one off the path when it runs often.</summary>
/// <remarks>
/// A compiled regex is JIT-compiled on its first match, milliseconds to seconds: that never happens on a detection
/// thread. So it is warmed on a payload that matched, because only a match runs all of its code; a regex that never
/// matched stays interpreted.
/// </remarks>
internal sealed class RegexSlot(BytePattern pattern, string ruleId, TimeSpan timeout)
{
    /// <summary>
    /// A regex that did not end in time this often is not run any more: payloads must not buy 10 ms each.
    /// </summary>
    public const int StrikesMax = 8;

    private const int SampleCharsMax = 16 * 1024;

    // Even so a thread that was preempted at the wrong moments strikes a blameless regex now and then.
    private const int RunsPerPardon = 256;

    private readonly long _timeoutNanoseconds = (long)timeout.TotalNanoseconds;
    private Regex _current = new(pattern.DotNet, BytePattern.DotNetOptions, timeout);
    private long _runs;
    private int _strikes;
    private int _placeStrikes;
    private char[]? _sampleRoom; // Given by TryCompile, taken by the next match.
    private char[]? _sample;     // A payload that matched.
    private int _sampleChars;

    /// <summary>The pattern.</summary>
    public BytePattern Pattern { get; } = pattern;

    /// <summary>Runs since start; approximate when several workers share it.</summary>
    public long Runs => Volatile.Read(ref _runs);

    /// <summary>True when it timed out too often; stays so until the rules are loaded again.</summary>
    public bool IsQuarantined => Volatile.Read(ref _strikes) >= StrikesMax;

    /// <summary>True once the compiled form is in use.</summary>
    public bool IsCompiled { get; private set; }

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
        var patience = new Patience(_timeoutNanoseconds);
        while (true)
        {
            try
            {
                var isMatch = regex.IsMatch(text);
                if (isMatch && _sampleRoom is not null)
                {
                    KeepSample(text);
                }

                return isMatch;
            }
            catch (RegexMatchTimeoutException)
            {
                if (!patience.AllowsAnotherRun())
                {
                    throw;
                }
            }
        }
    }

    /// <summary>The regex did not end in time on a real payload.</summary>
    public void Strike() => Interlocked.Increment(ref _strikes);

    /// <summary>False when looking for the place of a match timed out too often: alerts then go without it.</summary>
    public bool MayLocate => Volatile.Read(ref _placeStrikes) < StrikesMax;

    /// <summary>Looking for the place of a match timed out.</summary>
    public void StrikePlace() => Interlocked.Increment(ref _placeStrikes);

    /// <summary>Finds the leftmost match. Throws <see cref="RegexMatchTimeoutException"/>.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int index, out int length)
    {
        ++_runs;
        var regex = Volatile.Read(ref _current);
        var patience = new Patience(_timeoutNanoseconds);
        while (true)
        {
            try
            {
                foreach (var match in regex.EnumerateMatches(text))
                {
                    (index, length) = (match.Index, match.Length);
                    if (_sampleRoom is not null)
                    {
                        KeepSample(text);
                    }

                    return true;
                }

                (index, length) = (-1, 0);
                return false;
            }
            catch (RegexMatchTimeoutException)
            {
                if (!patience.AllowsAnotherRun())
                {
                    throw;
                }
            }
        }
    }

    /// <summary>
    /// Asks for a payload that matches when the regex has run often, and builds the compiled form once there is one.
    /// Off the path only; one caller at a time.
    /// </summary>
    /// <returns>True when this call built it.</returns>
    public bool TryCompile(long runsMin)
    {
        if (IsCompiled || IsQuarantined || Runs < runsMin)
        {
            return false;
        }

        if (Volatile.Read(ref _sample) is { } sample)
        {
            Compile(sample.AsSpan(0, _sampleChars));
            _sample = null;
            return true;
        }

        // Acquire and release pair with KeepSample: the room is empty when a match takes it.
        if (Volatile.Read(ref _sampleRoom) is null)
        {
            Volatile.Write(ref _sampleRoom, new char[SampleCharsMax]);
        }

        return false;
    }

    /// <summary>Builds the compiled form, runs it once on each sample and puts it in use. Off the path only.</summary>
    public void Compile(ReadOnlySpan<char> sample)
    {
        var named = RegexFrames.Mark(ruleId, Pattern.DotNet);
        var compiled = new Regex(named, BytePattern.DotNetOptions | RegexOptions.Compiled, timeout);
        WarmUp(compiled, sample);
        Volatile.Write(ref _current, compiled); // Release, pairs with IsMatch: warm before anyone sees it.
        IsCompiled = true;
    }

    /// <summary>Runs the current form once, so that its buffers exist.</summary>
    public void WarmUp(ReadOnlySpan<char> sample) => WarmUp(_current, sample);

    private void KeepSample(ReadOnlySpan<char> text)
    {
        if (text.Length <= SampleCharsMax && Interlocked.Exchange(ref _sampleRoom, null) is { } room)
        {
            text.CopyTo(room);
            _sampleChars = text.Length;
            Volatile.Write(ref _sample, room); // Release, pairs with TryCompile: the text is in it.
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

    /// <summary>Tells a slow regex from a thread that did not have the CPU.</summary>
    private struct Patience(long timeoutNanoseconds)
    {
        private const int RepeatsMax = 3;

        // The first run is not measured: asking costs more than most runs.
        private long _spentBefore = long.MinValue;
        private int _left = RepeatsMax;

        public bool AllowsAnotherRun()
        {
            var spent = ThreadTime.SpentNanoseconds();
            var isReallySlow = _spentBefore != long.MinValue && spent - _spentBefore >= timeoutNanoseconds / 2;
            _spentBefore = spent;
            return _left-- > 0 && !isReallySlow;
        }
    }
}
