using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>Hyperscan over the rules' own patterns, every rule reported once; guards are not asked.</summary>
internal sealed unsafe class HyperscanEngine : IMatchEngine
{
    private readonly nint _database;
    private readonly nint _scratch;

    private HyperscanEngine(nint database, nint scratch, string name, double loadMs)
    {
        (_database, _scratch, Name, LoadMs) = (database, scratch, name, loadMs);
    }

    public string Name { get; }

    public double LoadMs { get; }

    public int PayloadsMax => int.MaxValue;

    /// <summary>Compiles what Hyperscan takes; null when the library is absent.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="flagsOf">Flags of a rule id, in the corpora's letters plus i.</param>
    public static HyperscanEngine? TryCreate(RuleSet rules, Func<string, string> flagsOf)
    {
        if (!Hyperscan.IsInstalled)
        {
            return null;
        }

        var clock = Stopwatch.StartNew();
        var patterns = rules.Rules.Select(rule => Pattern(rule, flagsOf(rule.Id))).ToList();
        var refused = 0;
        while (true)
        {
            var (database, failed) = Compile(patterns);
            if (database != 0)
            {
                nint scratch = 0;
                _ = Hyperscan.AllocScratch(database, &scratch);
                var name = refused == 0 ? "Hyperscan" : $"Hyperscan (without {refused} rules it refuses)";
                return new HyperscanEngine(database, scratch, name, clock.Elapsed.TotalMilliseconds);
            }

            patterns.RemoveAt(failed);
            refused++;
        }
    }

    public int Matches(byte[] payload)
    {
        var matches = 0;
        fixed (byte* data = payload)
        {
            _ = Hyperscan.Scan(_database, data, (uint)payload.Length, 0, _scratch, &Hyperscan.CountMatch, &matches);
        }

        return matches;
    }

    public void Dispose()
    {
        _ = Hyperscan.FreeScratch(_scratch);
        _ = Hyperscan.FreeDatabase(_database);
    }

    private static (nint Database, int Failed) Compile(List<(string Text, uint Flags)> patterns)
    {
        var texts = patterns.Select(pattern => Marshal.StringToCoTaskMemUTF8(pattern.Text)).ToArray();
        var flags = patterns.Select(pattern => pattern.Flags).ToArray();
        var ids = Enumerable.Range(0, patterns.Count).Select(id => (uint)id).ToArray();
        nint database = 0;
        void* error = null;
        fixed (nint* text = texts)
        fixed (uint* flag = flags)
        fixed (uint* id = ids)
        {
            _ = Hyperscan.Compile((byte**)text, flag, id, (uint)patterns.Count, Hyperscan.BlockMode, null, &database, &error);
        }

        Array.ForEach(texts, Marshal.FreeCoTaskMem);
        if (error is null)
        {
            return (database, -1);
        }

        var (message, expression) = Hyperscan.Read(error);
        _ = Hyperscan.FreeCompileError(error);
        return expression >= 0
            ? (0, expression)
            : throw new InvalidOperationException("Hyperscan refuses the whole set: " + message);
    }

    private static (string Text, uint Flags) Pattern(Rule rule, string letters)
    {
        var flags = Hyperscan.SingleMatch | Hyperscan.AllowEmpty;
        flags |= letters.Contains('i', StringComparison.Ordinal) ? Hyperscan.CaseLess : 0;
        flags |= letters.Contains('s', StringComparison.Ordinal) ? Hyperscan.DotAll : 0;
        flags |= letters.Contains('m', StringComparison.Ordinal) ? Hyperscan.MultiLine : 0;
        return rule.Match switch
        {
            RegexTerm regex => ((letters.Contains('x', StringComparison.Ordinal) ? "(?x)" : "") + regex.Pattern.Pcre, flags),
            LiteralTerm literal => (Escape(literal), flags | (literal.NoCase ? Hyperscan.CaseLess : 0)),
            _ => throw new ArgumentException("The corpora hold regexes and literals only.", nameof(rule)),
        };
    }

    private static string Escape(LiteralTerm literal)
    {
        var text = new StringBuilder();
        foreach (var value in literal.Bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        }

        return text.ToString();
    }
}
